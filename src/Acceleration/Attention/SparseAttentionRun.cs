using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Attends by the pattern where it applies and pays, densely elsewhere, and says so in the trace.</summary>
internal sealed class SparseAttentionRun(SparseAttention strategy, RunStore store) : Run, IAttentionHook
{
    // A measured crossover is the site's, not a row's.
    private static readonly RowId Site = new(0, Branch.Guided);

    // Pure functions of the layout; nothing of the request.
    private readonly Dictionary<TokenLayout, (GroupedPlan Plan, IAttentionPattern Pattern)> _plans = [];
    private readonly Dictionary<int, (StepInfo Step, string Reason)> _recorded = [];

    public Tensor Attend(in SiteCall call, in AttentionInput input, AttentionNext next)
    {
        if (Misfit(call, input) is { } misfit)
        {
            return Dense(call, input, next, misfit);
        }

        var layout = call.Layout!;
        if (strategy.Guard(call.Step, call.Site) is { } guard)
        {
            return Dense(call, input, next, guard);
        }

        if (!_plans.TryGetValue(layout, out var known))
        {
            var pattern = strategy.Pattern(layout);
            _plans[layout] = known = (new(pattern, TokenGrid.Of(layout)), pattern);
        }

        if (known.Plan.Density >= 1)
        {
            return Dense(call, input, next, "the pattern covers everything");
        }

        var crossover = strategy.Crossover ?? Crossover(call, known, input);
        if (layout.Patches < crossover)
        {
            return Dense(call, input, next, "shorter than the crossover", crossover);
        }

        Record(call, skip: true, FormattableString.Invariant($"density {known.Plan.Density:0.###}"), crossover);
        call.CountSaved(2 * input.Query.size(0) * input.Query.size(1) * input.Query.size(3) * (((double)layout.Patches * layout.Patches) - known.Plan.Pairs));
        return GroupedAttention.Compute(input, layout, known.Plan);
    }

    /// <summary>Remembered, so that a session saved and resumed keeps to what was measured first.</summary>
    private int Crossover(in SiteCall call, (GroupedPlan Plan, IAttentionPattern Pattern) known, in AttentionInput input)
    {
        var key = call.Key("crossover");
        if (store.Scalar(key, Site) is { } measured)
        {
            return (int)measured;
        }

        var tokens = AttentionCrossover.Tokens(known.Pattern, known.Plan.Grid, input);
        store.SetScalar(key, Site, tokens);
        return tokens;
    }

    private static string? Misfit(in SiteCall call, in AttentionInput input)
    {
        if (call.Layout is not { } layout)
        {
            return "the network states no layout";
        }

        var tokens = layout.Tokens + layout.TextLength;
        return input.Query.size(2) != tokens || input.Key.size(2) != tokens ? "the tokens are not those of the layout"
            : input.Bias is not null || input.Causal ? "attention is masked or causal"
            : null;
    }

    private Tensor Dense(in SiteCall call, in AttentionInput input, AttentionNext next, string reason, double crossover = double.NaN)
    {
        Record(call, skip: false, reason, crossover);
        return next.Invoke(input);
    }

    /// <summary>For each sample once in a step for each reason: what differs between blocks is worth a line, what repeats is not.</summary>
    private void Record(in SiteCall call, bool skip, string reason, double crossover)
    {
        var now = (call.Step, reason);
        for (var i = 0; i < call.Rows.Count; i++)
        {
            var sample = call.Rows[i].Sample;
            if (!_recorded.TryGetValue(sample, out var last) || last != now)
            {
                _recorded[sample] = now;
                call.Record(new(strategy.Tag, call.Site.Path, sample, skip, call.Layout?.Tokens ?? double.NaN, crossover, reason));
            }
        }
    }
}
