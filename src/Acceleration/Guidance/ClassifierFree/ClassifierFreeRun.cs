using static TorchSharp.torch;

namespace Acceleration;

internal sealed class ClassifierFreeRun(ClassifierFreeGuidance guidance, DenoiserInfo network) : PairRun(guidance.Scale, network, guidance.GuidedChannels)
{
    protected override Tensor Guide(StepInfo step, Tensor cond, Tensor uncond, IReadOnlyList<int> samples) =>
        Extrapolation.Of(guidance.Base, guidance.Scale, cond, uncond, cond - uncond);
}
