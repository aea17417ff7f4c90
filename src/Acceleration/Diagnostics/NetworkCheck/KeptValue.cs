namespace Acceleration;

/// <summary>A value as a cache keeps it, by reference, beside a copy that shows whether it was changed since.</summary>
internal sealed class KeptValue(Value value) : IDisposable
{
    private readonly Value _alias = value.Map(static t => t.alias().DetachFromDisposeScope());
    private readonly Value _copy = value.Map(static t => t.clone().DetachFromDisposeScope());

    public bool Changed => Difference.Relative(_alias, _copy) != 0;

    public void Dispose()
    {
        Release(_alias);
        Release(_copy);
    }

    private static void Release(Value value)
    {
        value.Main.Dispose();
        value.Text?.Dispose();
    }
}
