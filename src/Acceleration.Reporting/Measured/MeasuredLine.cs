namespace Acceleration.Reporting;

/// <summary>One line of a <see cref="MeasuredCurve"/>. Points that are not finite interrupt it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Points">Its points, by ascending X where they are joined.</param>
public sealed record MeasuredLine(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Whether it is dots that are not joined.</summary>
    public bool IsDots { get; init; }

    /// <summary>A line over steps 0, 1, ...</summary>
    public static MeasuredLine Over(string name, IEnumerable<double> values, int first = 0) => new(name, [.. values.Select((v, i) => ((double)(first + i), v))]);
}
