namespace Acceleration.Models;

/// <summary>What a pipeline's rules depend on.</summary>
/// <param name="Pipeline">The pipeline's class, for example <c>StableDiffusionPipeline</c>.</param>
/// <param name="Network">The network.</param>
/// <param name="Scheduler">The scheduler that was published with it.</param>
/// <param name="Scale">Pixels per latent pixel along a side: 8 for most autoencoders, 1 where there is none.</param>
/// <param name="FrameScale">Frames per latent frame: 4 for most video autoencoders, 1 for pictures.</param>
public sealed record PipelineParts(string Pipeline, DenoiserInfo Network, Scheduler Scheduler, int Scale, int FrameScale = 1)
{
    /// <summary>Whether the network reads a condition.</summary>
    public bool Reads(string condition) => Network.Conditions.Any(c => c.Name == condition);

    /// <summary>Channels that the network reads beside the latents; 0 for most.</summary>
    public long Beside => Network.Conditions.FirstOrDefault(c => c.Name == ConditionNames.ImageLatents)?.Size[0] ?? 0;
}
