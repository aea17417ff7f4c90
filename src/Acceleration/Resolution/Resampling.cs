namespace Acceleration;

/// <summary>Kernels that change the size of latents.</summary>
public enum Resampling
{
    /// <summary>Windowed sinc of three lobes; the sharpest, overshoots at edges.</summary>
    [TagWord("lanczos")]
    Lanczos3,

    /// <summary>Keys' cubic with a = −1/2.</summary>
    Bicubic,

    /// <summary>The tent.</summary>
    Bilinear,

    /// <summary>Means over what each new pixel covers.</summary>
    Area,

    /// <summary>The pixel at the new pixel's centre.</summary>
    Nearest,
}
