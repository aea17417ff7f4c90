using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Changes the size of latents, axis by axis: height and width, never frames.</summary>
public static class Resampler
{
    /// <summary>Resizes.</summary>
    /// <param name="x">[samples, channels, (frames,) height, width].</param>
    /// <param name="size">Size of one sample afterwards, [channels, (frames,) height, width].</param>
    /// <param name="kernel">How.</param>
    /// <returns>Latents of that size; an alias of <paramref name="x"/> where it has that size already.</returns>
    /// <exception cref="ArgumentException">More than height and width would change, or a side is below 1.</exception>
    public static Tensor Resize(Tensor x, IReadOnlyList<long> size, Resampling kernel)
    {
        var shape = x.shape;
        if (size.Count != shape.Length - 1 || size.Count < 3 || !size.SkipLast(2).SequenceEqual(shape[1..^2]) || size[^1] < 1 || size[^2] < 1)
        {
            throw new ArgumentException($"Latents of shape [{string.Join(", ", shape)}] can be resized in their last two dimensions only, not to [{string.Join(", ", size)}] per sample.", nameof(size));
        }

        using var scope = NewDisposeScope();
        var high = Axis(x, (int)x.dim() - 2, size[^2], kernel);
        return Axis(high, (int)x.dim() - 1, size[^1], kernel).MoveToOuterDisposeScope();
    }

    /// <summary>The kernel as a stage wants it.</summary>
    public static Resample Of(Resampling kernel) => (clean, size) => Resize(clean, size, kernel);

    private static Tensor Axis(Tensor x, int dim, long to, Resampling kernel)
    {
        var from = x.size(dim);
        if (from == to)
        {
            return x.alias();
        }

        // Half precision would add the rounding of a sum of a dozen products to latents that a whole stage builds on.
        var wide = x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : x.dtype;
        var weights = tensor(ResampleKernel.Weights(kernel, (int)from, (int)to), [to, from], wide, x.device);
        var lines = x.to(wide).transpose(dim, -1);
        return lines.matmul(weights.t()).transpose(dim, -1).contiguous().to(x.dtype);
    }
}
