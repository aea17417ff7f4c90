using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The rotary positions of a Wan: frames, rows and columns each turn a share of a head's numbers.</summary>
internal sealed class WanPositions(WanConfig config, ScalarType residual, Device device) : IDisposable
{
    private readonly LayoutTables<(int Frames, int Height, int Width)> _tables = new(grid => VideoGrid.Turns(
        [VideoGrid.Whole(grid.Frames), VideoGrid.Whole(grid.Height), VideoGrid.Whole(grid.Width)],
        [config.HeadWidth - (2 * config.SideTurns), config.SideTurns, config.SideTurns],
        residual,
        device));

    /// <summary>[tokens, head_dim/2]; read-only.</summary>
    /// <exception cref="ArgumentException">An axis is longer than the network's positions.</exception>
    public Tensor For(TokenLayout layout) => layout.Frames <= config.MostPositions && layout.Height <= config.MostPositions && layout.Width <= config.MostPositions
        ? _tables.For((layout.Frames, layout.Height, layout.Width))
        : throw new ArgumentException($"This network has {config.MostPositions} positions on an axis; the latents make {layout.Frames} × {layout.Height} × {layout.Width} tokens.");

    public void Dispose() => _tables.Dispose();
}
