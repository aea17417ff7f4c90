namespace Acceleration;

internal sealed class LayerPruningRun : Run, ISiteHook
{
    public Value Invoke(in SiteCall call, Value input, SiteNext next) => next.Drop(input);
}
