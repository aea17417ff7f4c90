namespace Acceleration.Reporting;

/// <summary>One setting of a combination: what it spared and how far its pictures are from the baseline's.</summary>
/// <param name="Decision">When work is skipped; <see cref="FewerSteps"/> for the control.</param>
/// <param name="Approximation">How what was skipped is made up; empty for the control.</param>
/// <param name="Speedup">Multiply-adds of the baseline over those executed.</param>
/// <param name="Evaluations">Network evaluations per picture; a guided call counts two.</param>
/// <param name="Psnr">PSNR against the baseline's pictures of the same seeds in dB, averaged over pictures, each capped at <see cref="ImageMetrics.PsnrCap"/>.</param>
/// <param name="Tag"><see cref="Sampler.Tag"/>.</param>
public sealed record CombinationRun(string Decision, string Approximation, double Speedup, double Evaluations, double Psnr, string Tag)
{
    /// <summary>The decision of the control: no strategy, fewer steps.</summary>
    public const string FewerSteps = "fewer steps";
}
