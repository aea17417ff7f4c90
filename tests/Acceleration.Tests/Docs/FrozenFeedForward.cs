namespace Acceleration.Tests.Docs;

/// <summary>Keeps the feed-forward outputs of one step for the steps that follow it.</summary>
[Entry("frozenFeedForward", "FFF")]
public sealed record FrozenFeedForward([property: InTag] int FromStep, [property: InTag("to")] int ToStep) : IStrategy
{
    public string Tag => PlanTag.Of(this);

    public Requirements Needs => new() { Sites = [new(Where.FeedForward, HookPhase.Cache)] };

    public IRun Begin(RunInfo info, RunStore store) => new FrozenFeedForwardRun(this, store);
}

internal sealed class FrozenFeedForwardRun(FrozenFeedForward frozen, RunStore store) : Run, ISiteHook
{
    public Value Invoke(in SiteCall call, Value input, SiteNext next)
    {
        var key = call.Key("output");
        var keeps = call.Step.Index > frozen.FromStep && call.Step.Index <= frozen.ToStep;
        if (keeps && call.Rows.All(row => store.Depth(key, row) > 0))
        {
            return store.Get(key, call.Rows).Value;
        }

        var output = next.Invoke(input);
        store.Push(key, call.Rows, output.Main);
        return output;
    }
}
