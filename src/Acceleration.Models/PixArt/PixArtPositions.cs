using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The position tables of a network, made when a size is first asked for.</summary>
/// <param name="c">Sizes.</param>
/// <param name="dtype">Type of the tables.</param>
/// <param name="device">Where they go.</param>
internal sealed class PixArtPositions(PixArtConfig c, ScalarType dtype, Device device) : IDisposable
{
    // Tables are float32, whatever the network computes in: so it was published.
    private readonly LayoutTables<(int High, int Wide)> _tables = new(size => SinCosPositions
        .Table(c.Width, Coordinates(size.High, c.GridSide, c.PositionScale), Coordinates(size.Wide, c.GridSide, c.PositionScale))
        .to(ScalarType.Float32).to(dtype, device));

    /// <summary>[tokens, width]; read-only, and the network's.</summary>
    public Tensor For(int high, int wide) => _tables.For((high, wide));

    public void Dispose() => _tables.Dispose();

    /// <summary>Patch k of n lies at k·trained/n, divided by the scale.</summary>
    private static double[] Coordinates(int count, int trained, double scale) =>
        [.. SinCosPositions.Coordinates(PositionRule.Corners, count, trained).Select(x => x / scale)];
}
