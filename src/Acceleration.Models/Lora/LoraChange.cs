using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>A low-rank change of one matrix or convolution.</summary>
internal sealed class LoraChange : IDisposable
{
    private readonly Tensor _down;
    private readonly Tensor _up;
    private readonly double _factor;

    private LoraChange(Tensor down, Tensor up, double factor) => (_down, _up, _factor) = (down, up, factor);

    /// <summary>Takes the two halves.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="name">The name of the first half, for messages.</param>
    /// <param name="down">[rank, inputs] or [rank, inputs, kernel, kernel].</param>
    /// <param name="up">[outputs, rank] or [outputs, rank, 1, 1].</param>
    /// <param name="alpha">α; null for the rank.</param>
    public static LoraChange Of(string file, string name, Tensor down, Tensor up, double? alpha)
    {
        var fits = down.ndim is 2 or 4 && up.ndim is 2 or 4 && down.size(0) == up.size(1) && down.size(0) > 0 && (up.ndim == 2 || (up.size(2) == 1 && up.size(3) == 1));
        return fits
            ? new(down, up, (alpha ?? down.size(0)) / down.size(0))
            : throw new CheckpointException(file, name, $"halves of shapes [{string.Join(", ", down.shape)}] and [{string.Join(", ", up.shape)}] make no change of a matrix.");
    }

    /// <summary>Takes the halves out of the scope they were read in.</summary>
    public void Keep()
    {
        _down.DetachFromDisposeScope();
        _up.DetachFromDisposeScope();
    }

    /// <summary>Whether it changes a tensor of this shape.</summary>
    public bool Fits(IReadOnlyList<long> shape) =>
        shape.Count is 2 or 4 && shape[0] == _up.size(0) && shape.Skip(1).Aggregate(1L, (p, s) => p * s) == _down.numel() / _down.size(0);

    /// <summary>weight + scale·α/rank·up·down, in float32.</summary>
    /// <param name="weight">float32, of a shape that fits.</param>
    /// <param name="scale">Strength.</param>
    public Tensor AddTo(Tensor weight, double scale)
    {
        using var scope = NewDisposeScope();
        var rank = _down.size(0);
        var change = _up.reshape(-1, rank).mm(_down.reshape(rank, -1)).to(weight.device).reshape(weight.shape);
        return weight.Plus(change.Times(scale * _factor)).MoveToOuterDisposeScope();
    }

    /// <summary>What it would change, for messages.</summary>
    public override string ToString() => $"[{_up.size(0)}, {_down.numel() / _down.size(0)}] of rank {_down.size(0)}";

    public void Dispose()
    {
        _down.Dispose();
        _up.Dispose();
    }
}
