using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The pictures that a recorded pipeline was called with, and what its network reads of them.</summary>
internal static class StoredPictures
{
    private const string Masked = "input.masked_image_latents";

    private static readonly (PictureRole Role, string Name)[] Names =
    [
        (PictureRole.Picture, "input.image"), (PictureRole.Mask, "input.mask_image"), (PictureRole.Control, "input.control_image"), (PictureRole.FirstFrame, "input.image"), (PictureRole.LastFrame, "input.last_image"),
    ];

    /// <summary>What the network reads of the pictures; null where it reads none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="form">The pipeline's form.</param>
    /// <param name="parts">What it depends on.</param>
    /// <param name="size">Size of the pictures.</param>
    /// <param name="autoencoder">The autoencoder; null where the file names none.</param>
    /// <param name="draws">The draws that are recorded; those of the encoder are taken out of it.</param>
    /// <exception cref="NotKnownException">The file does not hold what the network reads.</exception>
    public static Conditioning? Condition(GoldenFile file, PipelineForm form, PipelineParts parts, PictureSize size, IAutoencoder? autoencoder, Queue<Tensor> draws)
    {
        var read = form.Pictures(parts.Network.Channels, parts.Beside);
        if (read.Count == 0)
        {
            return null;
        }

        if (form is FluxForm && file.ReadOrNull(Masked) is { } packed)
        {
            var latents = form.LatentSize(parts, size);
            return new((int)packed.size(0), (ConditionNames.ImageLatents, StoredLatents.Of(parts.Pipeline, latents).FromStored(packed)));
        }

        IAutoencoder encoder = file.ReadOrNull(Masked) is { } given ? new GivenEncoder(given)
            : autoencoder is null ? throw new NotKnownException($"{parts.Pipeline} encodes pictures, and the file's 'weights' name no vae.")
            : new RecordedEncoder(autoencoder, draws);
        var pictures = read
            .Select(r => (r.Role, Picture: file.ReadOrNull(Names.First(n => n.Role == r.Role).Name)))
            .Where(p => p.Picture is not null)
            .Select(p => (p.Role, InUnit(p.Role, p.Picture!)))
            .ToList();
        if (encoder is GivenEncoder && !pictures.Exists(p => p.Role == PictureRole.Picture))
        {
            pictures.Add((PictureRole.Picture, zeros(1, 3, size.Height, size.Width)));
        }

        // What an image encoder sees is stored itself.
        var unseen = parts with { Network = parts.Network with { Conditions = [.. parts.Network.Conditions.Where(c => c.Name != ConditionNames.Image)] } };
        return form.EncodePictures(unseen, new(parts.Pipeline, encoder), size, pictures);
    }

    /// <summary>Pipelines take tensors of pictures in [0, 1], and those with negative values as being in [−1, 1]; control pictures are always in [−1, 1].</summary>
    private static Tensor InUnit(PictureRole role, Tensor picture) =>
        role != PictureRole.Mask && (role == PictureRole.Control || picture.min().item<float>() < 0) ? (picture / 2) + 0.5 : picture;

    /// <summary>Latents that the pipeline was called with.</summary>
    private sealed class GivenEncoder(Tensor latents) : IAutoencoder
    {
        public AutoencoderInfo Info => throw new NotSupportedException();

        public Tensor Encode(Tensor pictures) => latents.alias();

        public Tensor Decode(Tensor given) => throw new NotSupportedException();

        public void Dispose()
        {
            // The file is its owner's.
        }
    }
}
