using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The distribution that a variational encoder gives, in the autoencoder's own scale: independent normal numbers. Owns its tensors.</summary>
public sealed class GaussianLatents : IDisposable
{
    private const double LeastLogVariance = -30;
    private const double MostLogVariance = 20;

    internal GaussianLatents(Tensor moments)
    {
        using var scope = NewDisposeScope();
        var parts = moments.chunk(2, 1);
        Mean = parts[0].contiguous().alias().DetachFromDisposeScope();
        LogVariance = parts[1].Within(LeastLogVariance, MostLogVariance).DetachFromDisposeScope();
    }

    /// <summary>[rows, latent channels, (frames,) height, width].</summary>
    public Tensor Mean { get; }

    /// <summary>[rows, latent channels, (frames,) height, width], between −30 and 20.</summary>
    public Tensor LogVariance { get; }

    /// <summary>Standard deviations, a new tensor of the same size.</summary>
    public Tensor Deviation()
    {
        using var half = LogVariance.Times(0.5);
        return half.exp();
    }

    /// <summary>Draws latents, mean + deviation·noise; a new tensor.</summary>
    /// <param name="noise">Standard normal numbers of the same size, type and device.</param>
    /// <exception cref="ArgumentException">The noise has another size.</exception>
    public Tensor Sample(Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        if (!noise.shape.SequenceEqual(Mean.shape))
        {
            throw new ArgumentException($"The noise must be [{string.Join(", ", Mean.shape)}]; it is [{string.Join(", ", noise.shape)}].", nameof(noise));
        }

        using var deviation = Deviation();
        using var drawn = deviation.mul(noise);
        return Mean.Plus(drawn);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        LogVariance.Dispose();
    }
}
