namespace Acceleration.Tool;

/// <summary>Leaves blocks out of a network, in every call.</summary>
/// <param name="Blocks">Their numbers.</param>
internal sealed record LeftOutBlocks(IReadOnlyList<int> Blocks) : IStrategy
{
    public string Tag => $"without blocks {string.Join(", ", Blocks)}";

    public Requirements Needs => new() { Sites = [new(Where.Blocks.OnlyBlocks([.. Blocks]), HookPhase.Cache)] };

    public IRun Begin(RunInfo info, RunStore store) => new LeaveOut();

    private sealed class LeaveOut : ISiteHook
    {
        public HookPhase Phase => HookPhase.Cache;

        public Value Invoke(in SiteCall call, Value input, SiteNext next) => next.Drop(input);

        public void StageChanged(in StageInfo stage)
        {
        }

        public void Dispose()
        {
        }
    }
}
