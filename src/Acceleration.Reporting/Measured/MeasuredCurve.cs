namespace Acceleration.Reporting;

/// <summary>What was measured over the steps of a run, or over another quantity, as one picture: lines, dots, a level, and below them which steps are computed.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="XTitle">The horizontal axis.</param>
/// <param name="YTitle">The vertical axis.</param>
public sealed record MeasuredCurve(string Title, string XTitle, string YTitle)
{
    /// <summary>Lines and dots, in the order of their colours.</summary>
    public IReadOnlyList<MeasuredLine> Lines { get; init; } = [];

    /// <summary>A threshold, drawn across where it lies in the frame; null for none.</summary>
    public double? Level { get; init; }

    /// <summary>What the level is called.</summary>
    public string LevelName { get; init; } = "threshold";

    /// <summary>Which steps are computed; empty for none.</summary>
    public IReadOnlyList<StepStrip> Strips { get; init; } = [];

    /// <summary>Steps of the strips.</summary>
    public int Steps { get; init; }

    /// <summary>Whether the horizontal axis is these steps.</summary>
    public bool IsOverSteps { get; init; } = true;
}
