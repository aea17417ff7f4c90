using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The positions of a Latte in space and in time, made when a size is first asked for.</summary>
internal sealed class LattePositions : IDisposable
{
    private readonly LayoutTables<(long High, long Wide)> _space;
    private readonly LayoutTables<long> _time;

    public LattePositions(LatteConfig c, ScalarType dtype, Device device)
    {
        // Published tables are float32, whatever the network computes in.
        _space = new(size => SinCosPositions.Table(c.Width, Coordinates(c, size.High), Coordinates(c, size.Wide)).to(ScalarType.Float32).to(dtype, device));
        _time = new(frames =>
        {
            using var sinusoids = new Sinusoids(c.Width, cosinesFirst: false);
            return sinusoids.Apply(KeptScalars.Range(frames, ScalarType.Float64), ScalarType.Float32).to(dtype, device).unsqueeze(1);
        });
    }

    /// <summary>[tokens of a frame, width]; read-only.</summary>
    public Tensor OfSpace(long high, long wide) => _space.For((high, wide));

    /// <summary>[frames, 1, width]; read-only.</summary>
    public Tensor OfTime(long frames) => _time.For(frames);

    public void Dispose()
    {
        _space.Dispose();
        _time.Dispose();
    }

    private static double[] Coordinates(LatteConfig c, long count) => [.. SinCosPositions.Coordinates(PositionRule.Corners, count, c.GridSide).Select(k => k / c.Enlargement)];
}
