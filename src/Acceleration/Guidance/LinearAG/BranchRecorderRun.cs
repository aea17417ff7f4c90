using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Remembers both branches of every step of a run, and adds them to a fit in its last one.</summary>
internal sealed class BranchRecorderRun(LinearAGFit fit, RunStore store) : Run, IGuidanceTerm
{
    public GuidanceStage Stage => GuidanceStage.Rescale;

    public IReadOnlyList<int> Branches(StepInfo step) => [];

    public Value Apply(StepInfo step, Value combined, BranchOutputs outputs)
    {
        foreach (var branch in new[] { Branch.Conditional, Branch.Unconditional })
        {
            var output = outputs.For(branch, outputs.Samples);
            var channels = outputs.X.size(1);
            store.Push(Key(branch), Rows(outputs, branch), output.size(1) == channels ? output : output.narrow(1, 0, channels), step.Index, keep: step.Count);
        }

        if (step.IsLast)
        {
            using var scope = NewDisposeScope();
            fit.Add(All(step, outputs, Branch.Conditional), All(step, outputs, Branch.Unconditional));
        }

        return combined;
    }

    private static StoreKey Key(int branch) => new($"branch {branch}");

    private static RowSet Rows(BranchOutputs outputs, int branch) => new([.. outputs.Samples.Select(s => new RowId(s, branch))]);

    private Tensor[] All(StepInfo step, BranchOutputs outputs, int branch) =>
        [.. Enumerable.Range(0, step.Count).Select(k => store.Get(Key(branch), Rows(outputs, branch), step.Index - k).Value)];
}
