namespace Acceleration;

/// <summary>
/// Guidance rescale (Lin et al., 2024, arXiv 2305.08891, section 3.4): brings a guided prediction g back to the spread of the condition's c, φ·(g·(std c / std g)) + (1 − φ)·g, with one standard deviation per
/// sample. Goes with any guidance, and after every term that is added to it.
/// </summary>
/// <param name="Phi">φ, 0..1: 0 changes nothing; 0.7 is usual with schedules of zero terminal SNR.</param>
[Entry("guidanceRescale", "RS")]
public sealed record GuidanceRescale(double Phi = 0.7) : IStrategy
{
    /// <summary>φ: part of the rescaled prediction.</summary>
    [InTag(Always = true)]
    [Within(0, 1)]
    public double Phi { get; init => field = Require.Within(0.0, 1.0, value); } = Require.Within(0.0, 1.0, Phi, nameof(Phi));

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new() { ChangesGuidance = true };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new GuidanceRescaleRun(Phi, info.Network.Channels);
}
