using static TorchSharp.torch;

namespace Acceleration;

internal sealed class ZeroStarRun(ClassifierFreeZeroStarGuidance guidance, DenoiserInfo network) : PairRun(guidance.Scale, network)
{
    private const double Epsilon = 1e-8;
    private readonly long _channels = network.Channels;

    public override Value Combine(StepInfo step, BranchOutputs outputs)
    {
        if (step.Stage > 0 || step.Index >= guidance.ZeroSteps)
        {
            return base.Combine(step, outputs);
        }

        var cond = outputs.For(Branch.Conditional, outputs.Samples);
        return WithVariance(zeros_like(cond.narrow(1, 0, _channels)), cond);
    }

    protected override Tensor Guide(StepInfo step, Tensor cond, Tensor uncond, IReadOnlyList<int> samples)
    {
        var fit = PerSample.Dot(cond, uncond) / PerSample.Dot(uncond, uncond).Plus(Epsilon);
        var fitted = uncond * fit.As(uncond);
        return Extrapolation.Of(guidance.Base, guidance.Scale, cond, fitted, cond - fitted);
    }
}
