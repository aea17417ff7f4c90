using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Layers with a shortcut around them that has no weights (Wan 2.2).</summary>
/// <param name="Layers">The layers.</param>
/// <param name="Outputs">Channels of what they make.</param>
/// <param name="Space">How many times sides become smaller or larger: 1 or 2.</param>
/// <param name="Time">How many times frames become fewer or more: 1 or 2.</param>
/// <param name="Grows">Whether they become larger and more.</param>
internal sealed record WanFilmLevel(IReadOnlyList<IFilmLayer> Layers, int Outputs, int Space, int Time, bool Grows) : IFilmLayer
{
    /// <inheritdoc/>
    public Tensor Apply(Tensor x, FilmHistory history)
    {
        using var scope = NewDisposeScope();
        var made = Layers.Through(x.alias(), history);
        return made.Increase(Grows ? Repeated(x, history.IsFirst) : Averaged(x)).MoveToOuterDisposeScope();
    }

    /// <summary>Pixels of a square, and frames of a pair, become channels, and neighbours among these are averaged. A frame that has no partner gets a black one before it.</summary>
    private Tensor Averaged(Tensor x)
    {
        var missing = (Time - (x.size(2) % Time)) % Time;
        var even = missing == 0 ? x : cat([zeros([x.size(0), x.size(1), missing, x.size(3), x.size(4)], x.dtype, x.device), x], 2);
        long rows = x.size(0), frames = even.size(2) / Time, high = x.size(3) / Space, wide = x.size(4) / Space;
        return even.view([rows, x.size(1), frames, Time, high, Space, wide, Space]).permute(0, 1, 3, 5, 7, 2, 4, 6).reshape(rows, Outputs, -1, frames, high, wide).mean([2]);
    }

    /// <summary>Channels, repeated, become pixels of a square and frames of a pair. The first frame of a film is the last of its pair.</summary>
    private Tensor Repeated(Tensor x, bool isFirst)
    {
        long rows = x.size(0), frames = x.size(2), high = x.size(3), wide = x.size(4), times = Outputs * (long)Time * Space * Space / x.size(1);
        var many = x.repeat_interleave(times, 1).view([rows, Outputs, Time, Space, Space, frames, high, wide]).permute(0, 1, 5, 2, 6, 3, 7, 4).reshape(rows, Outputs, frames * Time, high * Space, wide * Space);
        return isFirst ? many.narrow(2, Time - 1, many.size(2) - Time + 1) : many;
    }
}
