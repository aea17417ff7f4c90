using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// A sample passes the gate in the first step from it on for which all its cross-attentions are kept: where an outer strategy left some of them out, or a budget gave them back, it is guided and keeps them once more.
/// </summary>
internal sealed class TGateRun(TGate gate, DenoiserInfo network, RunStore store) : Run, IBranchPolicy, ISiteHook
{
    private const string Text = "cross";
    private const string Before = "self";
    private const string After = "self.after";
    private readonly string _tag = gate.Tag;
    private readonly Site[] _cross = [.. network.Sites.All.Where(Where.CrossAttention.Matches)];
    private readonly GateMean _mean = new(store);

    // Samples that are past the gate in this call; planned before any site is reached.
    private readonly HashSet<int> _past = [];

    public BranchPlan Plan(StepInfo step, IReadOnlyList<int> wanted, BranchOutputs before)
    {
        var samples = before.Samples;
        _past.Clear();
        if (step.Index >= gate.Gate)
        {
            _past.UnionWith(samples.Where(s => Array.TrueForAll(_cross, site => _mean.Has(new(Text, site.Index, step.Call), s))));
        }

        if (_past.Count == 0)
        {
            return BranchPlan.All(samples, wanted);
        }

        int[] guided = [.. samples.Where(s => !_past.Contains(s))];
        var alone = wanted.Contains(Branch.Unconditional) ? Branch.Unconditional : Branch.Conditional;
        return new([.. wanted.Select(b => (b, b == alone ? samples : guided)).Where(b => b.Item2.Count > 0)]);
    }

    public Tensor? Estimate(StepInfo step, int branch, IReadOnlyList<int> samples, BranchOutputs outputs) => null;

    public void Observe(StepInfo step, BranchOutputs outputs)
    {
        // Past the gate it stands alone, as the condition's does without guidance: whatever combines branches hands it on, and nothing else of a combiner moves.
        if (outputs.SamplesOf(Branch.Unconditional).Where(_past.Contains).ToArray() is { Length: > 0 } alone)
        {
            outputs.Move(Branch.Unconditional, Branch.Conditional, alone);
        }

        if (step.Call == 0)
        {
            foreach (var sample in outputs.Samples)
            {
                outputs.Record(new(_tag, "guidance", sample, _past.Contains(sample)));
            }
        }
    }

    public Value Invoke(in SiteCall call, Value input, SiteNext next) =>
        call.Site.Kind == SiteKind.CrossAttention ? CrossAttention(call, input, next) : SelfAttention(call, input, next);

    private Value CrossAttention(in SiteCall call, Value input, SiteNext next)
    {
        var past = call.Rows.Positions(r => _past.Contains(r.Sample));
        if (past.Length == call.Rows.Count)
        {
            return _mean.Get(call.Key(Text), call.Rows);
        }

        var others = call.Rows.Except(past);
        var computed = next.InvokeRows(input, others);
        if (gate.Keeps(call.Step))
        {
            _mean.Keep(call.Key(Text), call.Rows.At(others), computed, call.Step);
        }

        return past.Length == 0 ? computed : call.Rows.Merge(others, computed, past, _mean.Get(call.Key(Text), call.Rows.At(past)));
    }

    private Value SelfAttention(SiteCall call, Value input, SiteNext next)
    {
        var (step, rows) = (call.Step.Index, call.Rows);
        var reused = rows.Positions(r => _past.Contains(r.Sample)
            ? !gate.ComputesAfter(step) && _mean.Has(call.Key(After), r.Sample)
            : step < gate.Gate - 1 && !gate.ComputesBefore(step) && store.Depth(call.Key(Before), r) > 0);
        if (reused.Length == rows.Count)
        {
            return Kept(call, rows);
        }

        var others = rows.Except(reused);
        var computed = next.InvokeRows(input, others);
        KeepSelf(call, rows.At(others), computed);
        return reused.Length == 0 ? computed : rows.Merge(others, computed, reused, Kept(call, rows.At(reused)));
    }

    private void KeepSelf(SiteCall call, RowSet rows, Value computed)
    {
        if (gate.Keeps(call.Step))
        {
            store.Forget(call.Key(Before), rows);
            if (gate.SelfEveryAfter > 1)
            {
                _mean.Keep(call.Key(After), rows, computed, call.Step);
            }
        }
        else if (gate.SelfEvery > 1 && call.Step.Index >= gate.Warmup && call.Step.Index < gate.Gate - 1 && computed.Text is null)
        {
            store.Push(call.Key(Before), rows, computed.Main);
        }
    }

    /// <summary>Kept self-attention: past the gate each sample's, before it each row's.</summary>
    private Value Kept(SiteCall call, RowSet rows)
    {
        var past = rows.Positions(r => _past.Contains(r.Sample));
        var before = rows.Except(past);
        return past.Length == 0 ? store.Get(call.Key(Before), rows).Value
            : before.Length == 0 ? _mean.Get(call.Key(After), rows)
            : rows.Merge(past, _mean.Get(call.Key(After), rows.At(past)), before, store.Get(call.Key(Before), rows.At(before)).Value);
    }
}
