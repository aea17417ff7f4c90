using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Tables that depend on the layout of the tokens only (positions, rotations), made when a layout is first asked for. Owns them; several requests may ask at once.</summary>
/// <typeparam name="TLayout">What a table depends on.</typeparam>
/// <param name="make">Makes the table of a layout.</param>
internal sealed class LayoutTables<TLayout>(Func<TLayout, Tensor> make) : IDisposable
    where TLayout : notnull
{
    // A service may be asked for any number of sizes; later ones are made anew every time.
    private const int MostKept = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<TLayout, Tensor> _tables = [];

    /// <summary>The table of a layout; read-only.</summary>
    public Tensor For(TLayout layout)
    {
        lock (_lock)
        {
            if (_tables.TryGetValue(layout, out var known))
            {
                return known;
            }

            using var scope = NewDisposeScope();
            var table = make(layout);
            return _tables.Count < MostKept ? _tables[layout] = table.DetachFromDisposeScope() : table.MoveToOuterDisposeScope();
        }
    }

    public void Dispose()
    {
        foreach (var table in _tables.Values)
        {
            table.Dispose();
        }
    }
}
