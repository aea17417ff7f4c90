namespace Acceleration;

/// <summary>Plans at the block, from its raw input, and merges at the block's parts.</summary>
internal sealed class ToMeSDRun(ToMeSD merging, DenoiserInfo network, RunStore store) : Run, ISiteHook
{
    private const string Slots = "slots";
    private const string Positions = "positions";
    private long _finest;

    // The plan of the block that is running.
    private ITokenPlan _plan = NoReduction.Instance;

    public override void StageChanged(in StageInfo stage) => _finest = network.Layout(stage.Size).Tokens;

    public Value Invoke(in SiteCall call, Value input, SiteNext next)
    {
        if (call.Site.Kind != SiteKind.Block)
        {
            return Merge(call, input, next);
        }

        var outer = _plan;
        _plan = PlanOf(call, input);
        var result = next.Invoke(input);
        _plan = outer;
        return result;
    }

    private Value Merge(SiteCall call, Value input, SiteNext next)
    {
        var plan = _plan.ForRows(x => call.Evaluation.ForRows(x));
        if (plan.Kept is not { } kept)
        {
            return next.Invoke(input);
        }

        // New values, not changed ones: a joint form would still hold the tokens of before.
        var result = next.InvokeTokens(new(plan.Reduce(input.Main), input.Text), kept);
        return new(plan.Expand(result.Main), result.Text);
    }

    private ITokenPlan PlanOf(in SiteCall call, Value input)
    {
        if (call.Layout is not { } layout || input.Main.ndim != 3 || input.Main.size(1) != layout.Tokens || layout.SpecialPerFrame > 0 || Downsampling(layout) > merging.MaxDownsample)
        {
            return NoReduction.Instance;
        }

        var r = (long)(input.Main.size(1) * merging.Ratio);
        return r == 0 ? NoReduction.Instance : Remembered(call) ?? Match(call, layout, input, r);
    }

    private bool IsShared => merging.Every > 1 || merging.Blocks > 1;

    /// <summary>The key of the blocks that share a plan: that of the first of them.</summary>
    private StoreKey Shared(in SiteCall call, string name) => call.Key(name) with { Site = call.Site.Index - ((call.Site.Block ?? 0) % merging.Blocks) };

    /// <summary>s = ⌈√⌊finest / tokens⌋⌉.</summary>
    private int Downsampling(TokenLayout layout) => (int)Math.Ceiling(Math.Sqrt(Math.Max(1, _finest / layout.Tokens)));

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
        var plan = TokenMatching.Of(input.Main, sources, destinations, r).Plan();
        call.CountSaved(-(double)call.Rows.Count * sources.size(0) * destinations.size(0) * input.Main.size(2));
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
