using static TorchSharp.torch;

namespace Acceleration;

internal sealed class MagnitudeAwareRun(MagnitudeAwareGuidance guidance, DenoiserInfo network) : PairRun(guidance.Scale, network)
{
    protected override Tensor Guide(StepInfo step, Tensor cond, Tensor uncond, IReadOnlyList<int> samples)
    {
        var difference = cond - uncond;
        if (guidance.Alpha == 0)
        {
            return Extrapolation.Of(guidance.Base, guidance.Scale, cond, uncond, difference);
        }

        // Where nothing is added nothing is held back, also beside an output of zeros.
        var size = PerSample.Norm(difference);
        var ratio = (size / PerSample.Norm(uncond)).With(size.EqualTo(0.0), 0);
        var gain = ratio.Times(-guidance.Alpha).exp().Times(guidance.Scale - 1);
        return guidance.Base == GuidanceBase.Conditional
            ? cond.Plus(difference * gain.As(cond))
            : uncond.Plus(difference * gain.Plus(1.0).As(cond));
    }
}
