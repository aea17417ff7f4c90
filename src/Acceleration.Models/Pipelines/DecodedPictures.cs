using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Latents as pictures.</summary>
internal static class DecodedPictures
{
    /// <summary>Latents without the first frames that fill a patch of several.</summary>
    public static Tensor Shown(Pipeline pipeline, Tensor latents, PictureSize? size) =>
        size is { } wanted && latents.ndim == 5 && PipelineForm.ShownFrames(pipeline.Parts, wanted) is var frames && frames > 0 && frames < latents.size(2)
            ? latents.narrow(2, latents.size(2) - frames, frames)
            : latents;

    /// <summary>In [0, 1]; frames are decoded one by one where the autoencoder takes pictures.</summary>
    public static Tensor Of(Pipeline pipeline, Tensor latents)
    {
        if (pipeline.Autoencoder is not { } autoencoder)
        {
            return latents.size(1) is 1 or 3
                ? InUnit(latents.to(ScalarType.Float32))
                : throw new InvalidOperationException($"{pipeline.Name} has no autoencoder that is supported, so its latents of {latents.size(1)} channels do not become pictures here. Keep the latents.");
        }

        if (latents.ndim == 4 || autoencoder.Info.TakesFilms)
        {
            return InUnit(autoencoder.Decode(latents).to(ScalarType.Float32));
        }

        // One frame at a time: a film's frames together would need as much memory as there are frames.
        Tensor[] frames = [.. Enumerable.Range(0, (int)latents.size(2)).Select(f => Scoped(() => InUnit(autoencoder.Decode(latents.select(2, f)).to(ScalarType.Float32))))];
        return stack(frames, 2);
    }

    /// <summary>Pictures of another size: enlarged or reduced until both sides are long enough, and cut from the middle.</summary>
    public static Tensor Fitted(Tensor pictures, PictureSize? size)
    {
        if (size is not { } wanted || pictures.ndim != 4 || (pictures.size(2) == wanted.Height && pictures.size(3) == wanted.Width))
        {
            return pictures;
        }

        var ratio = Math.Max((double)wanted.Height / pictures.size(2), (double)wanted.Width / pictures.size(3));
        long high = Math.Max(wanted.Height, (long)(pictures.size(2) * ratio)), wide = Math.Max(wanted.Width, (long)(pictures.size(3) * ratio));
        return functional.interpolate(pictures, size: [high, wide], mode: InterpolationMode.Bilinear, align_corners: false)
            .narrow(2, (high - wanted.Height) / 2, wanted.Height)
            .narrow(3, (wide - wanted.Width) / 2, wanted.Width);
    }

    /// <summary>Takes its input over: a film is large.</summary>
    private static Tensor InUnit(Tensor pictures)
    {
        using (pictures)
        {
            using var half = pictures.Over(2);
            using var raised = half.Plus(0.5);
            return raised.Within(0, 1);
        }
    }

    private static Tensor Scoped(Func<Tensor> work)
    {
        using var scope = NewDisposeScope();
        return work().MoveToOuterDisposeScope();
    }
}
