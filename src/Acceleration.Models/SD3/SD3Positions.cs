using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The middle of the stored position table, cut out when a size is first asked for.</summary>
/// <param name="stored">[1, side·side, width].</param>
/// <param name="side">Its side in patches.</param>
internal sealed class SD3Positions(Tensor stored, int side) : IDisposable
{
    private readonly LayoutTables<(int High, int Wide)> _tables = new(size => Cut(stored, side, size.High, size.Wide));

    /// <summary>[tokens, width]; read-only, and the network's.</summary>
    /// <exception cref="ArgumentException">The picture is larger than the table.</exception>
    public Tensor For(int high, int wide) => high <= side && wide <= side
        ? _tables.For((high, wide))
        : throw new ArgumentException($"This network's position table holds {side} × {side} patches; got {high} × {wide}.");

    public void Dispose() => _tables.Dispose();

    private static Tensor Cut(Tensor stored, int side, int high, int wide) => stored
        .view(side, side, stored.size(2))
        .narrow(0, (side - high) / 2, high)
        .narrow(1, (side - wide) / 2, wide)
        .reshape((long)high * wide, stored.size(2));
}
