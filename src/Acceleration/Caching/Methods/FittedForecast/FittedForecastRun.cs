using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Remembers what each branch said in the spans' first steps, and answers every other step with the span's sum.</summary>
internal sealed class FittedForecastRun(FittedForecast forecast, RunStore store) : Run, ISiteHook, IBranchPolicy
{
    private static readonly StoreKey Sum = new("sum");
    private static readonly StoreKey Variance = new("variance");

    // Named once: a tag of many spans takes longer to write than a step that is not evaluated.
    private readonly string _tag = forecast.Tag;
    private readonly Dictionary<int, int> _begins = forecast.Spans.Select((s, i) => (s.Step, Index: i)).ToDictionary(s => s.Step, s => s.Index);

    public Value Invoke(in SiteCall call, Value input, SiteNext next)
    {
        if (forecast.Spans.Count == 0)
        {
            return next.Invoke(input);
        }

        var rows = call.Rows;
        if (!_begins.TryGetValue(call.Step.Index, out var index))
        {
            var known = store.CommonDepth(Sum, rows) > 0;
            Record(call, known, known ? null : "nothing is remembered to make it from");
            return known ? new(store.Get(Sum, rows).Value) : next.Invoke(input);
        }

        var span = forecast.Spans[index];
        if (!Reaches(index, rows.Select(r => r.Sample)))
        {
            // What was remembered is gone, as after a step that had to be computed anew: nothing can be made of the rest.
            store.Forget(Sum, rows);
            Record(call, false, "outputs of earlier spans are not remembered");
            return next.Invoke(input);
        }

        if (span.Evaluates != EvaluatedBranches.None)
        {
            var answer = next.Invoke(input);
            if (!Reaches(index, rows.Select(r => r.Sample), itself: true))
            {
                // Something behind this site answered without the network: its answer is all there is.
                store.Forget(Sum, rows);
                Record(call, false, "what answered was not the network");
                return answer;
            }
        }

        Record(call, span.Evaluates == EvaluatedBranches.None, null);

        using var scope = NewDisposeScope();
        var sum = Combined(span, index, rows, input.Main);
        store.PushEssential(Sum, rows, sum, call.Step.Index);
        return new(sum.MoveToOuterDisposeScope());
    }

    public BranchPlan Plan(StepInfo step, IReadOnlyList<int> wanted, BranchOutputs before) =>
        OnlyConditional(step, before.Samples) ? BranchPlan.All(before.Samples, [Branch.Conditional]) : BranchPlan.All(before.Samples, wanted);

    public Tensor? Estimate(StepInfo step, int branch, IReadOnlyList<int> samples, BranchOutputs outputs) => null;

    public void Observe(StepInfo step, BranchOutputs outputs)
    {
        if (!_begins.TryGetValue(step.Index, out var index))
        {
            return;
        }

        using var scope = NewDisposeScope();
        var channels = outputs.X.size(1);
        foreach (var branch in new[] { Branch.Conditional, Branch.Unconditional })
        {
            if (outputs.SamplesOf(branch) is { Count: > 0 } samples)
            {
                var output = outputs.For(branch, samples);
                store.PushEssential(Key(branch, index), Rows(samples, branch), output.size(1) == channels ? output : output.narrow(1, 0, channels), step.Index);
                if (branch == Branch.Conditional && output.size(1) != channels)
                {
                    store.PushEssential(Variance, Rows(samples, branch), output.narrow(1, channels, output.size(1) - channels), step.Index);
                }
            }
        }
    }

    private static StoreKey Key(int branch, int span) => new($"branch {branch} of span {span}");

    private static RowSet Rows(IEnumerable<int> samples, int branch) => new([.. samples.Select(s => new RowId(s, branch))]);

    private void Record(in SiteCall call, bool skip, string? reason)
    {
        int[] samples = [.. call.Rows.Select(r => r.Sample)];
        call.Record(new(_tag, call.Site.Path, samples[0], skip, Reason: reason), samples);
    }

    private bool OnlyConditional(StepInfo step, IReadOnlyList<int> samples) =>
        _begins.TryGetValue(step.Index, out var index) && forecast.Spans[index].Evaluates == EvaluatedBranches.Conditional && Reaches(index, samples);

    /// <summary>Spans up to one that evaluated a branch, newest first, as far as that one has weights for them.</summary>
    private IEnumerable<(int Span, double Weight)> Weighed(int index, int branch)
    {
        var weights = branch == Branch.Conditional ? forecast.Spans[index].Conditional : forecast.Spans[index].Unconditional;
        return Enumerable.Range(0, index + 1).Reverse().Where(i => Evaluates(forecast.Spans[i], branch)).Zip(weights);
    }

    private static bool Evaluates(ForecastSpan span, int branch) => span.Evaluates == EvaluatedBranches.All || (span.Evaluates == EvaluatedBranches.Conditional && branch == Branch.Conditional);

    /// <summary>Whether all that a span weighs is remembered, but what its own first step brings unless <paramref name="itself"/>.</summary>
    private bool Reaches(int index, IEnumerable<int> samples, bool itself = false) => samples.All(s => new[] { Branch.Conditional, Branch.Unconditional }.All(branch =>
        Weighed(index, branch).All(w => (w.Span == index && !itself) || store.Depth(Key(branch, w.Span), new(s, branch)) > 0)));

    private Tensor Combined(ForecastSpan span, int index, RowSet rows, Tensor latents)
    {
        var samples = rows.Select(r => r.Sample).ToArray();
        List<Tensor> values = [latents];
        List<double[]> weights = [[span.Latents]];
        foreach (var branch in new[] { Branch.Conditional, Branch.Unconditional })
        {
            foreach (var (of, weight) in Weighed(index, branch))
            {
                values.Add(store.Get(Key(branch, of), Rows(samples, branch)).Value);
                weights.Add([weight]);
            }
        }

        var sum = WeightedSum.Of(values, weights).to(latents.dtype);
        return store.Depth(Variance, new(samples[0], Branch.Conditional)) > 0 ? cat([sum, store.Get(Variance, Rows(samples, Branch.Conditional)).Value], 1) : sum;
    }
}
