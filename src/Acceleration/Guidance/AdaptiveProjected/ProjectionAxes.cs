namespace Acceleration;

/// <summary>Axes of latents over which lengths and directions are taken; those left out have a length of their own at each place.</summary>
[Flags]
public enum ProjectionAxes
{
    /// <summary>Channels.</summary>
    [TagWord("c")]
    Channels = 1,

    /// <summary>Frames, where latents have any.</summary>
    [TagWord("f")]
    Frames = 2,

    /// <summary>Height.</summary>
    [TagWord("h")]
    Height = 4,

    /// <summary>Width; the only axis beside channels in sequences.</summary>
    [TagWord("w")]
    Width = 8,
}
