namespace Acceleration.Models;

/// <summary>What a pipeline's rules depend on.</summary>
/// <param name="Pipeline">The pipeline's class, for example <c>StableDiffusionPipeline</c>.</param>
/// <param name="Network">The network.</param>
/// <param name="Scheduler">The scheduler that was published with it.</param>
/// <param name="Scale">Pixels per latent pixel along a side: 8 for most autoencoders, 1 where there is none.</param>
/// <param name="FrameScale">Frames per latent frame: 4 for most video autoencoders, 1 for pictures.</param>
public sealed record PipelineParts(string Pipeline, DenoiserInfo Network, Scheduler Scheduler, int Scale, int FrameScale = 1)
{
    /// <summary>What turns latents into pictures; null where nothing does.</summary>
    public AutoencoderInfo? Autoencoder { get; init; }

    /// <summary>Frames of the film that latents are decoded to.</summary>
    /// <param name="latentFrames">Frames of the latents, at least 1.</param>
    public long FilmFrames(long latentFrames) => Autoencoder is { TakesFilms: true } films ? films.DecodedFrames(latentFrames) : ((latentFrames - 1) * FrameScale) + 1;

    /// <summary>Whether the network reads a condition.</summary>
    public bool Reads(string condition) => Network.Conditions.Any(c => c.Name == condition);

    /// <summary>Channels that the network reads beside the latents; 0 for most.</summary>
    public long Beside => Network.Conditions.FirstOrDefault(c => c.Name == ConditionNames.ImageLatents)?.Size[0] ?? 0;
}
