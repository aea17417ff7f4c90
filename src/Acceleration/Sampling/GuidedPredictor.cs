using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Asks the network for the branches a step needs and combines them; raises the prediction and network sites.</summary>
internal sealed class GuidedPredictor(IDenoiser denoiser, GuidanceRuns guidance, bool separateBranches, Conditioning condition, Conditioning? negative, IReadOnlyList<Conditioning> others) : IDisposable
{
    private readonly Dictionary<RowSet, Conditioning> _conditions = [];

    private DenoiserInfo Network => denoiser.Info;

    private IDenoiser Own => denoiser;

    /// <summary>The guided prediction for <paramref name="input"/>: [samples, channels or 2 × channels, ...].</summary>
    public Value Predict(CallContext call, RowSet samples, SolverInput input)
    {
        var size = input.Latents.shape[1..];
        var layout = Network.Layout(size);
        var asked = guidance.Asked(call.Step);
        var wanted = guidance.Wanted(call.Step, asked);
        call.Trace.Rows += samples.Count * asked.Count;
        foreach (var branch in asked)
        {
            call.Trace.FullMultiplyAdds += samples.Count * (guidance.NetworkOf(branch) ?? denoiser).Info.MultiplyAdds(size, SourceOf(branch));
        }

        call.Unscaled = input.Unscaled;
        var guided = new Evaluation(call, samples, layout).At(
            Network.Sites.Prediction,
            input.Latents,
            (Predictor: this, Samples: samples, Input: input, Wanted: wanted, Layout: layout),
            static (h, s, e) => s.Predictor.Combine(h.Main, s.Samples, s.Input, s.Wanted, s.Layout, e));
        RequireOutput(guided.Main, input.Latents, "The guided prediction");
        return guided;
    }

    public void Dispose()
    {
        foreach (var c in _conditions.Values)
        {
            c.Dispose();
        }

        _conditions.Clear();
    }

    private Value Combine(Tensor latents, RowSet asked, SolverInput input, IReadOnlyList<int> wanted, TokenLayout layout, Evaluation e)
    {
        // A hook may have narrowed the prediction to some samples: `latents` follows, the unscaled latents do so here.
        var samples = e.Rows.Select(r => r.Sample).ToArray();
        var x = e.ForRows(input.Unscaled);
        var outputs = new BranchOutputs(samples, Network, x, input.At, e.Call, latents);
        var policy = guidance.Policy;
        var plan = policy is null
            ? BranchPlan.All(samples, wanted)
            : policy.Plan(e.Step, wanted, outputs) ?? throw new InvalidOperationException($"{policy.GetType().Name} returned null for the branches of {e.Step}; expected a {nameof(BranchPlan)}.");
        var own = plan.Branches.Where(b => guidance.NetworkOf(b.Branch) is null).ToArray();
        foreach (var group in separateBranches ? [.. own.Select(b => new[] { b })] : new[] { own })
        {
            Evaluate(group, latents, e.Rows, layout, e.Call, outputs);
        }

        foreach (var (branch, of) in plan.Branches)
        {
            if (of.Count > 0 && guidance.NetworkOf(branch) is { } other)
            {
                outputs.Add(branch, of, EvaluateElsewhere(other, branch, of, TakeSamples(latents, e.Rows, of), e.Call, outputs));
            }
        }

        if (policy is not null)
        {
            policy.Observe(e.Step, outputs);
            foreach (var branch in wanted)
            {
                var missing = samples.Except(outputs.SamplesOf(branch)).ToArray();
                if (missing.Length > 0 && policy.Estimate(e.Step, branch, missing, outputs) is { } estimate)
                {
                    RequireOutput(estimate, outputs.XFor(missing), $"{policy.GetType().Name}, estimating the branch '{Branch.Name(branch)}',");
                    outputs.Add(branch, missing, estimate);
                }
            }
        }

        return guidance.Combine(e.Step, outputs, (answer, from) =>
        {
            RequireOutput(answer.Main, x, from.GetType().Name);
            if (answer.Text is { } renoise)
            {
                RequireOutput(renoise, x, $"{from.GetType().Name}, for the noise,");
            }
        });
    }

    private void Evaluate(IReadOnlyList<(int Branch, IReadOnlyList<int> Samples)> branches, Tensor latents, RowSet samples, TokenLayout layout, CallContext call, BranchOutputs outputs)
    {
        var rows = new RowSet([.. branches.SelectMany(b => b.Samples.Select(s => new RowId(s, b.Branch)))]);
        if (rows.Count == 0)
        {
            return;
        }

        var x = rows.Count == samples.Count && branches.Count == 1
            ? latents
            : cat([.. branches.Where(b => b.Samples.Count > 0).Select(b => TakeSamples(latents, samples, b.Samples))], 0);
        // Rows of one call have texts of one length.
        var evaluation = new Evaluation(call, rows, layout, Network.TextTokens(SourceOf(rows[0].Branch)));
        call.Trace.Count(rows, evaluation.Cost(Network.Sites.Network, x));
        var output = evaluation.At(
            Network.Sites.Network,
            x,
            (Predictor: this, Outputs: outputs),
            static (h, s, e) => s.Predictor.Run(s.Predictor.Own, h.Main, s.Outputs, e)).Main;
        call.Watch?.Note(FiniteSource.Network, output, rows, call.Step, outputs);
        var at = 0;
        foreach (var (branch, of) in branches)
        {
            if (of.Count > 0)
            {
                outputs.Add(branch, of, branches.Count == 1 ? output : output.narrow(0, at, of.Count));
                at += of.Count;
            }
        }
    }

    /// <summary>A branch by another network: no strategy comes to its sites.</summary>
    private Tensor EvaluateElsewhere(IDenoiser other, int branch, IReadOnlyList<int> samples, Tensor latents, CallContext call, BranchOutputs outputs)
    {
        var rows = new RowSet([.. samples.Select(s => new RowId(s, branch))]);
        var inner = new CallContext(HookTable.Empty, call.Step, call.Trace, call.Stores, call.Cancellation, call.Watch);
        var size = latents.shape[1..];
        try
        {
            other.Info.RequireSize(size);
            call.Trace.Count(rows, rows.Count * other.Info.MultiplyAdds(size, SourceOf(branch)));
            var output = Run(other, latents, outputs, new(inner, rows, other.Info.Layout(size)));
            call.Watch?.Note(FiniteSource.Network, output, rows, call.Step, outputs);
            return output;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{other.Info.Name}, which evaluates the branch '{Branch.Name(branch)}', failed{(inner.Current is { } site ? $" at its site {site}" : "")}: {e.Message}", e);
        }
    }

    private Tensor Run(IDenoiser network, Tensor latents, BranchOutputs outputs, Evaluation e)
    {
        var time = KeptScalars.Full([e.Rows.Count], (float)e.Step.At.Time, ScalarType.Float32, Network.Device);
        var condition = ConditionFor(e.Rows);

        // Everything the network derives per row has these rows: a fresh root, whatever narrowing led here.
        var root = new Evaluation(e.Call, e.Rows, e.Layout, network.Info.TextTokens(condition));
        var output = Scoped.Run(
            (Network: network, Latents: latents, Time: time, Condition: condition, Root: root),
            // An alias, because a network may dispose what it was given.
            static s => s.Network.Predict(s.Latents.alias(), s.Time, s.Condition, s.Root)).Result.Main;
        RequireOutput(output, latents, network.Info.Name);
        e.Call.Trace.CountComputed(e.Rows);
        foreach (var row in e.Rows)
        {
            outputs.MarkReal(row);
        }

        return output;
    }

    private static Tensor TakeSamples(Tensor latents, RowSet samples, IReadOnlyList<int> wanted) =>
        wanted.Count == samples.Count ? latents : samples.Take(latents, [.. wanted.Select(s => IndexOf(samples, s))]);

    private static int IndexOf(RowSet samples, int sample)
    {
        for (var i = 0; i < samples.Count; i++)
        {
            if (samples[i].Sample == sample)
            {
                return i;
            }
        }

        throw new InvalidOperationException($"Sample {sample} is not part of this prediction.");
    }

    /// <summary>The condition of a branch, of all samples; null where there is none.</summary>
    private Conditioning? SourceOf(int branch) =>
        branch == Branch.Unconditional ? negative
        : Branch.IsOther(branch) ? others[branch - Branch.FirstOther]
        : condition;

    /// <summary>Conditions of these rows, kept for the request: steps repeat the same few row sets.</summary>
    private Conditioning ConditionFor(RowSet rows)
    {
        if (_conditions.TryGetValue(rows, out var known))
        {
            return known;
        }

        var parts = new List<Conditioning>();
        try
        {
            foreach (var branch in rows.GroupBy(r => r.Branch))
            {
                var source = SourceOf(branch.Key) ?? throw new InvalidOperationException($"{Network.Name} has no unconditional branch and the request gives no negative condition.");
                parts.Add(source.Take([.. branch.Select(r => r.Sample)]));
            }

            // A network is given one row each, also of what is shared by all.
            var made = parts is [{ HasSharedRows: false } whole] ? whole : Conditioning.Concat(parts);
            parts.Remove(made);
            return _conditions[rows] = made;
        }
        finally
        {
            parts.ForEach(p => p.Dispose());
        }
    }

    private void RequireOutput(Tensor? output, Tensor latents, string from)
    {
        var fits = TensorForm.Exists(output) && output!.ndim == latents.ndim && output.dtype == Network.DType && TensorForm.SameDevice(output, latents);
        for (var i = 0; fits && i < latents.ndim; i++)
        {
            fits = output!.size(i) == latents.size(i) * (i == 1 && Network.LearnedVariance ? 2 : 1);
        }

        if (!fits)
        {
            var expected = latents.shape;
            expected[1] *= Network.LearnedVariance ? 2 : 1;
            throw new InvalidOperationException(
                $"{from} returned {TensorForm.Of(output)} for latents {TensorForm.Of(latents)}; expected {Network.DType.ToString().ToLowerInvariant()} [{string.Join(", ", expected)}]{(Network.LearnedVariance ? " (learned variance)" : "")}.");
        }
    }
}
