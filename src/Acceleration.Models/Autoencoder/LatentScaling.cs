using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Between an autoencoder's own latents z and those of the diffusion network, (z − offset)·factor. Does not own its tensors.</summary>
/// <param name="factor">[1, channels, 1, 1] or [1, 1, 1, 1]; one more 1 for films.</param>
/// <param name="offset">Of the same size; null for none.</param>
internal sealed class LatentScaling(Tensor factor, Tensor? offset)
{
    /// <summary>Where the network computes.</summary>
    public Device Device => factor.device;

    /// <summary>Of one factor and offset, or one for each channel.</summary>
    public static LatentScaling Of(IReadOnlyList<double> factors, IReadOnlyList<double> offsets, ScalarType dtype, Device? device, bool ofFilms = false)
    {
        long[] shape = ofFilms ? [1, -1, 1, 1, 1] : [1, -1, 1, 1];
        Tensor Column(IReadOnlyList<double> values)
        {
            using var row = tensor(values.ToArray(), ScalarType.Float64, device: device);
            using var typed = row.to(dtype);
            return typed.view(shape);
        }

        return new(Column(factors), offsets.All(o => o == 0) ? null : Column(offsets));
    }

    /// <summary>From the autoencoder's to the network's; a new tensor.</summary>
    public Tensor ToNetwork(Tensor z)
    {
        if (offset is null)
        {
            return z.mul(factor);
        }

        using var back = offset.neg();
        using var centred = z.Plus(back);
        return centred.mul(factor);
    }

    /// <summary>From the network's to the autoencoder's; a new tensor.</summary>
    public Tensor FromNetwork(Tensor latents)
    {
        var z = latents.div(factor);
        return offset is null ? z : z.Increase(offset);
    }
}
