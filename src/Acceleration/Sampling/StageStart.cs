namespace Acceleration;

/// <summary>What of the stage before is resampled and noised at a stage's start.</summary>
public enum StageStart
{
    /// <summary>The clean latents that its last step predicted.</summary>
    Clean,

    /// <summary>The latents at the noise level where it ended.</summary>
    Latents,
}
