using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Asks for branches, shows what each gave, and passes the conditional one on.</summary>
internal sealed class BranchListener(int[] branches, Action<StepInfo, int, Tensor> seen) : Run, IStrategy, ICombiner
{
    public string Tag => "listener";

    public Requirements Needs => new() { CombinesBranches = true };

    public IRun Begin(RunInfo info, RunStore store) => this;

    public IReadOnlyList<int> Branches(StepInfo step) => branches;

    public Value Combine(StepInfo step, BranchOutputs outputs)
    {
        foreach (var branch in branches)
        {
            seen(step, branch, outputs[branch]);
        }

        return outputs[Branch.Conditional].alias();
    }
}
