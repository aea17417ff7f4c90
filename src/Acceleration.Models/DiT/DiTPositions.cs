using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The position tables of a network, made when a size is first asked for.</summary>
/// <param name="config">Sizes.</param>
/// <param name="rule">Coordinates of other sizes than the trained one; null where only the stored table is known.</param>
/// <param name="stored">[1, tokens, width] of the trained size, or null.</param>
/// <param name="dtype">Type of the tables.</param>
/// <param name="device">Where they go.</param>
internal sealed class DiTPositions(DiTConfig config, PositionRule? rule, Tensor? stored, ScalarType dtype, Device device) : IDisposable
{
    // A service may be asked for any number of sizes; later ones are made anew every time.
    private const int MostKept = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<(long High, long Wide), Tensor> _tables = [];

    /// <summary>The table [tokens, width] of a grid; read-only, and the network's.</summary>
    /// <exception cref="ArgumentException">Another size than the trained one, and the stored table follows no known rule.</exception>
    public Tensor For(long high, long wide)
    {
        lock (_lock)
        {
            if (_tables.TryGetValue((high, wide), out var known))
            {
                return known;
            }

            using var scope = NewDisposeScope();
            var table = Make(high, wide);
            if (_tables.Count < MostKept)
            {
                return _tables[(high, wide)] = table.DetachFromDisposeScope();
            }

            return table.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Whether a stored table is the sine-cosine table, which continues to other sizes.</summary>
    public static bool IsSinCos(DiTConfig config, Tensor stored)
    {
        using var scope = NewDisposeScope();
        var axis = SinCosPositions.Coordinates(PositionRule.Corners, config.GridSide, config.GridSide);
        var difference = stored.cpu().to(ScalarType.Float64)[0] - SinCosPositions.Table(config.Width, axis, axis);
        return difference.abs().max().ToDouble() < 0.01;
    }

    /// <summary>Takes the stored table out of the scope it was loaded in.</summary>
    public void Own() => stored?.DetachFromDisposeScope();

    public void Dispose()
    {
        foreach (var table in _tables.Values)
        {
            table.Dispose();
        }

        stored?.Dispose();
    }

    private Tensor Make(long high, long wide)
    {
        var trained = config.GridSide;
        if (stored is not null && high == trained && wide == trained)
        {
            return stored[0].clone();
        }

        // Published tables are float32, whatever the network computes in.
        return rule is { } known
            ? SinCosPositions.Table(config.Width, SinCosPositions.Coordinates(known, high, trained), SinCosPositions.Coordinates(known, wide, trained))
                .to(ScalarType.Float32).to(dtype, device)
            : throw new ArgumentException($"This network's position table is learned and holds {trained} × {trained} patches only; got {high} × {wide}.");
    }
}
