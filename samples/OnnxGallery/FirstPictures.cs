using static TorchSharp.torch;

namespace Acceleration.OnnxGallery;

/// <summary>Keeps what the first rows of a comparison sample, as the numbers that they are.</summary>
/// <param name="count">How many rows.</param>
internal sealed class FirstPictures(int count) : IDisposable
{
    private readonly List<Tensor> _kept = [];

    /// <summary>Takes a row's pictures, and passes them on.</summary>
    public Tensor Keep(Tensor pictures)
    {
        if (_kept.Count < count)
        {
            _kept.Add(pictures.to(ScalarType.Float32, copy: true).DetachFromDisposeScope());
        }

        return pictures.alias();
    }

    /// <summary>The largest difference of a pixel between two rows, where black is −1 and white 1.</summary>
    public double Difference(int row, int other)
    {
        using var scope = NewDisposeScope();
        return (_kept[row] - _kept[other]).abs().max().item<float>();
    }

    public void Dispose() => _kept.ForEach(k => k.Dispose());
}
