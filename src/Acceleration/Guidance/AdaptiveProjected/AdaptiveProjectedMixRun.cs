using static TorchSharp.torch;

namespace Acceleration;

internal sealed class AdaptiveProjectedMixRun(AdaptiveProjectedMixGuidance guidance, DenoiserInfo network, RunStore store) : PairRun(guidance.Scale, network)
{
    protected override Tensor Guide(StepInfo step, Tensor cond, Tensor uncond, IReadOnlyList<int> samples)
    {
        var running = Momentum.Next(store, guidance.Momentum, PerSample.Wide(cond) - PerSample.Wide(uncond), samples);
        if (!guidance.Projects(step.Stage, step.Index))
        {
            return Extrapolation.Of(guidance.Base, guidance.Scale, cond, uncond, cond - uncond);
        }

        var dimensions = Projection.Dimensions(null, (int)cond.ndim);
        var update = Projection.Weighted(Projection.Clipped(running, guidance.Longest, dimensions), cond, guidance.Eta, dimensions);
        return Extrapolation.Of(guidance.Base, guidance.ProjectedScale, cond, uncond, update.As(cond));
    }
}
