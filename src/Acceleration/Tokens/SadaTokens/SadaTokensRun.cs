using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Follows the trajectory at the prediction, and thins blocks by what came out of it.</summary>
internal sealed class SadaTokensRun(SadaTokens tokens, RunInfo info, RunStore store) : Run, IStepHook, ISiteHook
{
    /// <summary>Name of the scores, the larger the less stable, [samples, (frames,) height, width].</summary>
    public const string Scores = "scores";

    private const string Made = "made";
    private const string Skipped = "skipped";
    private readonly GradientHistory _history = new(info, store, tokens.Published);
    private readonly StoreKey _key = new("main", info.Network.Sites.Prediction.Index);
    private readonly TokenChoice _choice = new(tokens, store, new(Scores, info.Network.Sites.Prediction.Index));
    private readonly string _tag = tokens.Tag;
    private TrajectoryPoint _now;

    public Tensor Before(StepInfo step, Tensor latents)
    {
        var rows = RowSet.Of((int)latents.size(0), Branch.Guided);
        _now = new(step, _key, rows, latents);
        foreach (var row in rows)
        {
            if (step.Index > 0 && !_history.WasComputed(_now, row))
            {
                store.SetScalar(_key with { Name = Skipped }, row, step.Index - 1);
            }
        }

        _history.Enter(_now, rows);
        _choice.Begin(step);
        return latents;
    }

    public void After(StepInfo step, Tensor latents, Tensor next) => _now = default;

    public Value Invoke(in SiteCall call, Value input, SiteNext next)
    {
        if (call.Site.Kind != SiteKind.Prediction)
        {
            return Thin(call, input, next);
        }

        // Raised where the step is computed: steps that a cache skips leave the scores as they are.
        var known = call.Rows.At(call.Rows.Positions(r => _history.Depth(_now, r) >= GradientHistory.Terms));
        if (known.Count > 0)
        {
            using var scope = NewDisposeScope();
            store.Push(call.Key(Scores), known, _history.Field(_now, known).mean([1]));
        }

        var output = next.Invoke(input);
        _history.Computed(_now, call.Rows, output.Main);
        return output;
    }

    private Value Thin(in SiteCall call, Value input, SiteNext next)
    {
        var (key, rows) = (call.Key(Made), call.Rows);
        if (!tokens.Acts(call.Step))
        {
            return next.Invoke(input);
        }

        if (call.Layout is not { } layout || input.Main.ndim != 3 || input.Main.size(1) != layout.Tokens)
        {
            Record(call, null, call.Layout is null ? "the network states no layout" : "the tokens are not those of the layout");
            return next.Invoke(input);
        }

        var step = call.Step;
        var kept = rows.Any(r => IsDue(step, r) || store.Depth(key, r) == 0) || store.Get(key, rows).Value.size(1) != layout.Tokens ? null : _choice.Of(rows, layout, input.Main.device);
        Record(call, kept, kept is null ? "all tokens are computed" : "tokens are left out");
        if (kept is null)
        {
            var whole = next.Invoke(input);
            store.Push(key, rows, whole.Main);
            return whole;
        }

        var thinned = next.InvokeTokens(new(kept.Take(input.Main, 1), input.Text), kept);
        var at = kept.Index.unsqueeze(2).expand(-1, -1, thinned.Main.size(2));
        var all = store.Get(key, rows).Value.scatter(1, at, thinned.Main);
        store.Push(key, rows, all);
        return new(all, thinned.Text);
    }

    /// <summary>Whether a row's sample is to have all of its tokens computed.</summary>
    private bool IsDue(StepInfo step, RowId row)
    {
        var sample = new RowId(row.Sample, Branch.Guided);
        var since = store.Scalar(_key with { Name = Skipped }, sample) is { } skipped && skipped >= tokens.FirstOf(step) ? (int)skipped + 1 : tokens.FirstOf(step);
        return (step.Index - since) % tokens.Every == 0 || !_choice.Knows(sample);
    }

    private void Record(in SiteCall call, TokenSelection? kept, string reason)
    {
        foreach (var row in call.Rows)
        {
            if (row.Branch <= Branch.Conditional)
            {
                call.Record(new(_tag, call.Site.Path, row.Sample, kept is not null, kept?.Kept ?? double.NaN, Reason: reason));
            }
        }
    }
}
