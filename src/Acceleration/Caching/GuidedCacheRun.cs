using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A cached request one of whose parts is the correction: a skipped branch is not evaluated, and made of the conditional one's output.</summary>
internal sealed class GuidedCacheRun(IReadOnlyList<Cached> parts, RunInfo info, RunStore store, string tag) : CacheRun(parts, info, store, tag), IBranchPolicy
{
    private readonly Site _site = info.Network.Sites.Correction;

    private CachedPart Part => Of(_site);

    public BranchPlan Plan(StepInfo step, IReadOnlyList<int> wanted, BranchOutputs before)
    {
        CorrectionRows rows = new([.. wanted.Where(IsCached).Select(b => (b, before.Samples))]);
        if (rows.Rows.Count == 0)
        {
            return BranchPlan.All(before.Samples, wanted);
        }

        using var scope = NewDisposeScope();
        var call = rows.Call(before, before.InputFor);
        Part.ForgetOtherShapes(call.At, call.Input);
        var computed = rows.Rows.At(Part.Decide(call, "").Computed);
        return new([.. wanted.Select(b => (b, IsCached(b) ? [.. before.Samples.Where(s => computed.IndexOf(new(s, b)) >= 0)] : before.Samples)).Where(b => b.Item2.Count > 0)]);
    }

    public Tensor? Estimate(StepInfo step, int branch, IReadOnlyList<int> samples, BranchOutputs outputs)
    {
        if (!IsCached(branch))
        {
            return null;
        }

        CorrectionRows rows = new((branch, samples));
        var call = rows.Call(outputs, of => outputs.For(Branch.Conditional, of));
        return Part.Complete(call, call.Input, ([], [.. Enumerable.Range(0, samples.Count)]), default, "").Main;
    }

    public void Observe(StepInfo step, BranchOutputs outputs)
    {
        // Only what the network really said is remembered.
        CorrectionRows rows = new([.. outputs.Branches.Where(IsCached).Select(b => (b, Real(b))).Where(b => b.Item2.Count > 0)]);
        if (rows.Rows.Count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var output = new Value(rows.Of(outputs.For));
        var call = rows.Call(outputs, of => outputs.For(Branch.Conditional, of));
        Part.Observe(call, call.Input, output, "");

        // A decision is taken before there is any output: it sees the latents, and the correction as what became of them.
        var seen = rows.Call(outputs, outputs.InputFor);
        Part.When.Observe(seen, rows.Rows, seen.Input, Quantities.Kept(Part.Cached.How.Quantity, call.Input, output));

        IReadOnlyList<int> Real(int branch) => [.. outputs.SamplesOf(branch).Where(s => outputs.IsReal(s, Branch.Conditional) && outputs.IsReal(s, branch))];
    }

    private bool IsCached(int branch) => Part.Cached.Where.IsCorrectionOf(branch);
}
