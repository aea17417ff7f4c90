namespace Acceleration;

/// <summary>Runs a check's function at the sites and chains it is given.</summary>
internal sealed class CheckHook(Func<SiteCall, Value, CheckedBody, Value> function) : Run, ISiteHook, IChainHook
{
    public Value Invoke(in SiteCall call, Value input, SiteNext next) => function(call, input, new(next, null));

    public Value Invoke(in SiteCall call, Value input, RangeNext next) => function(call, input, new(null, next));
}
