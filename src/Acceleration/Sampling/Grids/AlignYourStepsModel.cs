namespace Acceleration;

/// <summary>Networks whose noise levels were aligned and published (Sabour et al., 2024).</summary>
public enum AlignYourStepsModel
{
    /// <summary>Stable Diffusion 1.5.</summary>
    [TagWord("sd")]
    StableDiffusion,

    /// <summary>Stable Diffusion XL.</summary>
    [TagWord("xl")]
    StableDiffusionXL,

    /// <summary>Stable Video Diffusion: a network that predicts v and is told ln(σ)/4.</summary>
    [TagWord("svd")]
    StableVideoDiffusion,
}
