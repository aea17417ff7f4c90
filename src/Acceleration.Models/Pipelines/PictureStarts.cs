using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes starts of pictures.</summary>
internal static class PictureStarts
{
    public static PictureStart Of(Pipeline pipeline, PipelineCall call, Tensor pictures, int samples, long seed, double strength, Tensor? mask)
    {
        var (size, latents, steps) = (pipeline.SampledSizeOf(call), pipeline.LatentSize(call), call.Steps ?? pipeline.Form.UsualSteps);
        GivenPictures.Require(pictures, "pictures", 3, size, samples);
        if (latents.Count != 3)
        {
            throw new ArgumentException($"{pipeline.Name} makes films; starting from a picture is for pictures.", nameof(pictures));
        }

        if (strength is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(strength), strength, "The strength is above 0 and at most 1.");
        }

        // Consistency models lay all their steps into the part that is run.
        var isConsistency = pipeline.Scheduler.ClassName == "LCMScheduler";
        var run = isConsistency ? steps : pipeline.Form.StepsFrom(steps, strength);
        if (run == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(strength), strength, FormattableString.Invariant($"Of {steps} steps a strength of {strength} leaves none; at least {1.0 / steps} leaves one."));
        }

        var asked = pipeline.Form.Schedule(pipeline.Parts, steps, latents);
        var whole = pipeline.Scheduler.Schedule(isConsistency ? asked with { Strength = strength } : asked);
        var clean = Encoded(pipeline, pictures.Times(2).Plus(-1)).to(ScalarType.Float32).cpu();
        using var source = new SeededNoise(seed, samples);
        return new(
            clean.expand([samples, .. latents]).contiguous(),
            source.Draw(latents),
            mask is null ? null : Masked(mask, size, samples, latents),
            whole,
            steps - run);
    }

    private static Tensor Encoded(Pipeline pipeline, Tensor pictures) => pipeline.Autoencoder is null && pipeline.Network.Info.Channels == 3 ? pictures : pipeline.PictureEncoders.Latents(pictures);

    /// <summary>A latent pixel is made anew where any of its pixels is.</summary>
    private static Tensor Masked(Tensor mask, PictureSize size, int samples, IReadOnlyList<long> latents)
    {
        GivenPictures.Require(mask, "the mask", 1, size, samples);
        long high = latents[1], wide = latents[2];
        return mask.to(ScalarType.Float32).reshape(mask.size(0), 1, high, size.Height / high, wide, size.Width / wide).amax([3, 5]).round().to(ScalarType.Bool).expand([samples, 1, high, wide]).contiguous();
    }
}
