namespace Acceleration.Models;

/// <summary>What a picture is to a network that is conditioned on it.</summary>
public enum PictureRole
{
    /// <summary>The picture of which a part is made anew.</summary>
    Picture,

    /// <summary>Where that is: one channel, at least one half where the picture is made anew.</summary>
    Mask,

    /// <summary>A drawing of the picture to come: edges, depths.</summary>
    Control,

    /// <summary>The first frame of a film.</summary>
    FirstFrame,

    /// <summary>The last frame of a film.</summary>
    LastFrame,
}
