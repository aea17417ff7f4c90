namespace Acceleration.Models;

/// <summary>What a convolution over time sees before the first frame of a film.</summary>
internal enum FilmStart
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The first frame, again and again.</summary>
    FirstFrame,
}
