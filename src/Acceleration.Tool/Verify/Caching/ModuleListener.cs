namespace Acceleration.Tool;

/// <summary>Notes which parts of a UNet run in each step.</summary>
internal sealed class ModuleListener : Run, IStrategy, ISiteHook
{
    private static readonly Where Parts = Where.Blocks.Or(Where.Attention).Or(Where.CrossAttention).Or(Where.FeedForward).Or(Where.Cuts);
    private readonly HashSet<(int Step, string Path)> _ran = [];

    public string Tag => "modules";

    public Requirements Needs => new() { Sites = [new(Parts, HookPhase.Slice)] };

    public IRun Begin(RunInfo info, RunStore store) => this;

    public Value Invoke(in SiteCall call, Value input, SiteNext next)
    {
        _ran.Add((call.Step.Index, call.Site.Path));
        return next.Invoke(input);
    }

    /// <summary>Whether a part ran in a step, or something in it.</summary>
    public bool Ran(int step, string path) => _ran.Any(r => r.Step == step && (r.Path == path || r.Path.StartsWith(path + ".", StringComparison.Ordinal)));
}
