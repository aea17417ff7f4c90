using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Which tokens of a stream without text lie on the grid, and which do not: int64 positions, ascending.</summary>
/// <param name="Patches">[patches].</param>
/// <param name="Special">[special tokens].</param>
internal readonly record struct PatchPlaces(Tensor Patches, Tensor Special)
{
    public static PatchPlaces Of(TokenLayout layout, Device device)
    {
        Tensor At(bool special) => tensor(Positions(layout, special), ScalarType.Int64, device);
        return new(At(false), At(true));
    }

    /// <summary>The positions of the special tokens, or of all others.</summary>
    public static long[] Positions(TokenLayout layout, bool special)
    {
        var perFrame = layout.Tokens / layout.Frames;
        var (from, to) = layout.SpecialPlace == TextPlace.Before ? (0L, layout.SpecialPerFrame) : (perFrame - layout.SpecialPerFrame, perFrame);
        return [.. Enumerable.Range(0, (int)layout.Tokens).Select(t => (long)t).Where(t => (t % perFrame >= from && t % perFrame < to) == special)];
    }

    /// <summary>Positions on the grid as positions in the stream.</summary>
    public Tensor InStream(Tensor onGrid) => Patches.index_select(0, onGrid.reshape(-1)).view(onGrid.shape);
}
