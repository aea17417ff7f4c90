using static TorchSharp.torch;

namespace Acceleration;

internal sealed class PlusPlusRun(ClassifierFreePlusPlusGuidance guidance, DenoiserInfo network) : PairRun(0, network)
{
    public override Value Combine(StepInfo step, BranchOutputs outputs)
    {
        var main = base.Combine(step, outputs).Main;
        var guided = Guided(outputs);

        // Also where nobody is guided: a sample must not depend on whether another one is.
        return new Value(main, guided.Count == 0 ? main.alias() : outputs.WithCondition(guided, outputs.For(Branch.Unconditional, guided)));
    }

    protected override Tensor Guide(StepInfo step, Tensor cond, Tensor uncond, IReadOnlyList<int> samples) =>
        Extrapolation.Of(GuidanceBase.Unconditional, guidance.Lambda, cond, uncond, cond - uncond);
}
