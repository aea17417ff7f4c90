using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What Wan is told of frames that are given.</summary>
internal static class WanFrames
{
    /// <summary>For each latent frame which of its frames are given, as channels, and the latents of the film that is grey in between.</summary>
    /// <param name="encoders">The model's encoders.</param>
    /// <param name="first">[rows, 3, height, width] in [0, 1].</param>
    /// <param name="last">The same, or null.</param>
    /// <param name="size">Size of the film.</param>
    /// <param name="group">Frames of a latent frame; the first one stands for a single frame.</param>
    public static Tensor Condition(PictureEncoders encoders, Tensor first, Tensor? last, PictureSize size, int group)
    {
        using var scope = NewDisposeScope();
        var film = zeros([first.size(0), 3, size.Frames, size.Height, size.Width], first.dtype, first.device);
        film.select(2, 0).copy_(first.Times(2).Plus(-1));
        if (last is not null)
        {
            film.select(2, size.Frames - 1).copy_(last.Times(2).Plus(-1));
        }

        var latents = encoders.Latents(film);
        var given = zeros([1, group, latents.size(2), 1, 1], latents.dtype, latents.device);
        given.select(2, 0).Increment();
        if (last is not null)
        {
            given.select(2, latents.size(2) - 1).select(1, group - 1).Increment();
        }

        return cat([given.expand(latents.size(0), group, latents.size(2), latents.size(3), latents.size(4)), latents], 1).MoveToOuterDisposeScope();
    }

    /// <summary>What the image encoder sees, [rows, tokens, width]; of two frames one behind the other.</summary>
    /// <exception cref="ArgumentException">The network reads another number of frames.</exception>
    public static Tensor Seen(PictureEncoders encoders, Tensor first, Tensor? last, ConditionSpec read)
    {
        using var scope = NewDisposeScope();
        if (read.IsSequence == last is not null)
        {
            throw new ArgumentException(last is null ? "This network reads the first and the last frame; the last one was not given." : "This network reads the first frame only; a last one was given.", nameof(last));
        }

        var seen = encoders.States(first);
        return (last is null ? seen : cat([seen, encoders.States(last)], 1)).MoveToOuterDisposeScope();
    }
}
