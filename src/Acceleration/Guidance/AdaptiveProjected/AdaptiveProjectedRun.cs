using static TorchSharp.torch;

namespace Acceleration;

internal sealed class AdaptiveProjectedRun(AdaptiveProjectedGuidance guidance, DenoiserInfo network, RunStore store) : PairRun(guidance.Scale, network)
{
    protected override Tensor Guide(StepInfo step, Tensor cond, Tensor uncond, IReadOnlyList<int> samples)
    {
        var running = Momentum.Next(store, guidance.Momentum, PerSample.Wide(cond) - PerSample.Wide(uncond), samples);
        var dimensions = Projection.Dimensions(guidance.Axes, (int)cond.ndim);
        var update = Projection.Weighted(Projection.Clipped(running, guidance.Longest, dimensions), cond, guidance.Eta, dimensions);
        return Extrapolation.Of(guidance.Base, guidance.Scale, cond, uncond, update.As(cond));
    }
}
