namespace Acceleration;

/// <summary>
/// A damped line: the last entry plus a share of what a line through the last two would add to it. FasterCache (Lv et al., 2024, arXiv 2410.19355) adds a share of the last difference itself, however far apart the entries and the skipped
/// step lie; ScalingCache's fitted coefficients are such shares of the line. Keeps two entries; with one it repeats it.
/// </summary>
/// <param name="Weight">The share; 0 repeats the last entry, 1 is the line. Finite.</param>
[Entry("damped", "damped")]
public sealed record Damped(double Weight = 0.5) : IForecast
{
    /// <summary>The share.</summary>
    [InTag]
    public double Weight { get; init => field = Require.Finite(value); } = Require.Finite(Weight, nameof(Weight));

    /// <summary>Whether the share is one of the last difference, as FasterCache has it, rather than of the line.</summary>
    [InTag("whole")]
    public bool Undivided { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public int Depth => 2;

    /// <inheritdoc/>
    public int AtLeast => 1;

    /// <inheritdoc/>
    public double[] Weights(ReadOnlySpan<double> nodes, double target)
    {
        if (nodes.Length == 1)
        {
            return [1];
        }

        var share = Undivided ? Weight : Weight * (target - nodes[0]) / (nodes[0] - nodes[1]);
        return [1 + share, -share];
    }
}
