namespace Acceleration;

/// <summary>Plans at the block, from its raw input, and merges at the block's parts. A part that no planning block holds plans for itself.</summary>
internal sealed class ToMeSDRun(ToMeSD merging, DenoiserInfo network, RunStore store) : Run, ISiteHook
{
    private const string Slots = "slots";
    private const string Positions = "positions";
    private readonly Dictionary<int, (StepInfo Step, string Reason)> _recorded = [];
    private readonly string _tag = merging.Tag;
    private long _finest;

    // The plan of the block that is running.
    private ITokenPlan _plan = NoReduction.Instance;

    public override void StageChanged(in StageInfo stage) => _finest = network.Layout(stage.Size).Patches;

    public Value Invoke(in SiteCall call, Value input, SiteNext next)
    {
        if (call.Site.Kind != SiteKind.Block)
        {
            return Merge(call, input, next);
        }

        var outer = _plan;
        _plan = WhyNot(call, input) is null ? PlanOf(call, input) : NoReduction.Instance;
        var result = next.Invoke(input);
        _plan = outer;
        return result;
    }

    private Value Merge(SiteCall call, Value input, SiteNext next)
    {
        var plan = _plan.ForRows(x => call.Evaluation.ForRows(x));
        var own = plan.Kept is null;
        if (own && WhyNot(call, input) is { } why)
        {
            Record(call, skip: false, why);
            return next.Invoke(input);
        }

        plan = own ? PlanOf(call, input) : plan;
        var kept = plan.Kept!;
        Record(call, skip: true, "tokens are merged");

        // New values, not changed ones: a joint form would still hold the tokens of before.
        var result = next.InvokeTokens(new(plan.Reduce(input.Main), input.Text), kept);
        return new(plan.Expand(result.Main), result.Text);
    }

    /// <summary>Why nothing is merged of an input, or null.</summary>
    private string? WhyNot(in SiteCall call, Value input) =>
        call.Layout is not { } layout ? "the network states no layout"
        : input.Main.ndim != 3 || input.Main.size(1) != layout.Tokens ? "the tokens are not those of the layout"
        : Downsampling(layout) is var times && times > merging.MaxDownsample ? $"the token grid is {times} times shorter than the finest one, beyond {nameof(ToMeSD.MaxDownsample)} {merging.MaxDownsample}"
        : Merged(layout) == 0 ? FormattableString.Invariant($"a share of {merging.Ratio} of {layout.Patches} tokens is none")
        : null;

    private MergePlan PlanOf(in SiteCall call, Value input) => Remembered(call) ?? Match(call, call.Layout!, input, Merged(call.Layout!));

    private long Merged(TokenLayout layout) => (long)(layout.Patches * merging.Ratio);

    /// <summary>For each sample once in a step for each reason. Nothing where nothing is asked for.</summary>
    private void Record(in SiteCall call, bool skip, string reason)
    {
        var now = (call.Step, reason);
        for (var i = 0; i < call.Rows.Count && merging.Ratio > 0; i++)
        {
            var sample = call.Rows[i].Sample;
            if (!_recorded.TryGetValue(sample, out var last) || last != now)
            {
                _recorded[sample] = now;
                call.Record(new(_tag, call.Site.Path, sample, skip, call.Layout?.Tokens ?? double.NaN, Reason: reason));
            }
        }
    }

    private bool IsShared => merging.Every > 1 || merging.Blocks > 1;

    /// <summary>The key of the blocks that share a plan: that of the first of them.</summary>
    private StoreKey Shared(in SiteCall call, string name) => call.Key(name) with { Site = call.Site.Index - ((call.Site.Block ?? 0) % merging.Blocks) };

    /// <summary>s = ⌈√⌊finest / tokens⌋⌉.</summary>
    private int Downsampling(TokenLayout layout) => (int)Math.Ceiling(Math.Sqrt(Math.Max(1, _finest / layout.Patches)));

    private MergePlan? Remembered(in SiteCall call)
    {
        var (key, places, step, rows, tokens) = (Shared(call, Slots), Shared(call, Positions), call.Step.Index, call.Rows, call.Layout!.Tokens);
        if (!IsShared || rows.Any(r => store.Depth(key, r) == 0 || store.Depth(places, r) == 0))
        {
            return null;
        }

        var slots = store.Get(key, rows);
        return slots.At.All(at => step / merging.Every == (int)at / merging.Every) && slots.Value.size(1) == tokens
            ? new(slots.Value, store.Get(places, rows).Value)
            : null;
    }

    private MergePlan Match(in SiteCall call, TokenLayout layout, Value input, long r)
    {
        var step = call.Step.Index - (call.Step.Index % merging.Every);
        var random = merging.Random ? new Random(HashOf(merging.Seed, call.Step.Stage, step, call.Site.Index)) : null;
        var (sources, destinations) = TokenPartition.Cells(
            layout.Height, layout.Width, merging.StrideY, merging.StrideX, random is null ? null : () => random.Next(merging.StrideX * merging.StrideY), layout.Frames, input.Main.device);
        using var patches = layout.SpecialPerFrame == 0 ? null : input.Main.index_select(1, PatchPlaces.Of(layout, input.Main.device).Patches);
        var plan = TokenMatching.Of(patches ?? input.Main, sources, destinations, r).Plan().Among(layout);
        call.CountSaved(-(double)input.Main.size(0) * sources.size(0) * destinations.size(0) * input.Main.size(2));
        if (IsShared)
        {
            store.Push(Shared(call, Slots), call.Rows, plan.Slots, call.Step.Index);
            store.Push(Shared(call, Positions), call.Rows, plan.Kept.Index, call.Step.Index);
        }

        return plan;
    }

    // The same in every process, unlike HashCode.
    private static int HashOf(params ReadOnlySpan<int> values)
    {
        var hash = 17;
        foreach (var value in values)
        {
            hash = unchecked((hash * 486187739) + value);
        }

        return hash & int.MaxValue;
    }
}
