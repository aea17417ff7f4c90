namespace Acceleration.Tool;

/// <summary>Counts how often each attention runs, and on how many rows, in each call of a network.</summary>
internal sealed class QueryCounter(bool separate) : Run, IStrategy, ISiteHook
{
    private readonly Dictionary<(int Call, string Path), (long Runs, long Rows)> _counts = [];

    public string Tag => "counter";

    public Requirements Needs => new()
    {
        Sites = [new(Where.Attention, HookPhase.Slice) { IsOptional = true }, new(Where.CrossAttention, HookPhase.Slice) { IsOptional = true }, new(Where.TemporalAttention, HookPhase.Slice) { IsOptional = true }],
    };

    public IRun Begin(RunInfo info, RunStore store) => this;

    public Value Invoke(in SiteCall call, Value input, SiteNext next)
    {
        var key = (Call(call.Step.Index, call.Rows[0].Branch), call.Site.Path);
        var known = _counts.GetValueOrDefault(key);
        _counts[key] = (known.Runs + 1, Math.Max(known.Rows, call.Rows.Count));
        return next.Invoke(input);
    }

    /// <summary>Times that an attention ran in a call of the network, and the rows it was given.</summary>
    public (long Runs, long Rows) Of(int call, string path) => _counts.GetValueOrDefault((call, path));

    private int Call(int step, int branch) => separate ? (2 * step) + (branch == Branch.Conditional ? 0 : 1) : step;
}
