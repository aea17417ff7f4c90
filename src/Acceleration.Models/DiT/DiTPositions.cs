using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The position tables of a network, made when a size is first asked for.</summary>
internal sealed class DiTPositions : IDisposable
{
    private readonly DiTConfig _config;
    private readonly PositionRule? _rule;
    private readonly Tensor? _stored;
    private readonly ScalarType _dtype;
    private readonly Device _device;
    private readonly LayoutTables<(long High, long Wide)> _tables;

    /// <param name="config">Sizes.</param>
    /// <param name="rule">Coordinates of other sizes than the trained one; null where only the stored table is known.</param>
    /// <param name="stored">[1, tokens, width] of the trained size, or null.</param>
    /// <param name="dtype">Type of the tables.</param>
    /// <param name="device">Where they go.</param>
    public DiTPositions(DiTConfig config, PositionRule? rule, Tensor? stored, ScalarType dtype, Device device)
    {
        (_config, _rule, _stored, _dtype, _device) = (config, rule, stored, dtype, device);
        _tables = new(size => Make(size.High, size.Wide));
    }

    /// <summary>The table [tokens, width] of a grid; read-only, and the network's.</summary>
    /// <exception cref="ArgumentException">Another size than the trained one, and the stored table follows no known rule.</exception>
    public Tensor For(long high, long wide) => _tables.For((high, wide));

    /// <summary>Whether a stored table is the sine-cosine table, which continues to other sizes.</summary>
    public static bool IsSinCos(DiTConfig config, Tensor stored)
    {
        using var scope = NewDisposeScope();
        var axis = SinCosPositions.Coordinates(PositionRule.Corners, config.GridSide, config.GridSide);
        var difference = stored.cpu().to(ScalarType.Float64)[0] - SinCosPositions.Table(config.Width, axis, axis);
        return difference.abs().max().ToDouble() < 0.01;
    }

    public void Dispose() => _tables.Dispose();

    private Tensor Make(long high, long wide)
    {
        var trained = _config.GridSide;
        if (_stored is not null && high == trained && wide == trained)
        {
            return _stored[0].clone();
        }

        // Published tables are float32, whatever the network computes in.
        return _rule is { } known
            ? SinCosPositions.Table(_config.Width, SinCosPositions.Coordinates(known, high, trained), SinCosPositions.Coordinates(known, wide, trained))
                .to(ScalarType.Float32).to(_dtype, _device)
            : throw new ArgumentException($"This network's position table is learned and holds {trained} × {trained} patches only; got {high} × {wide}.");
    }
}
