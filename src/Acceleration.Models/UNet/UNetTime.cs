namespace Acceleration.Models;

/// <summary>How the time becomes an embedding.</summary>
/// <param name="Numbers">Sines and cosines of it.</param>
/// <param name="Width">Width of the embedding.</param>
/// <param name="CosinesFirst">Whether the cosines come first.</param>
/// <param name="Shift">Shift of the frequencies: <see cref="Sinusoids"/>.</param>
internal sealed record UNetTime(int Numbers, int Width, bool CosinesFirst, double Shift)
{
    /// <summary>Between the two layers.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Behind them; null for none.</summary>
    public Activation? Last { get; init; }

    /// <summary>Of the sum of all embeddings; null for none.</summary>
    public Activation? OfSum { get; init; }

    /// <summary>Width of the guidance scale's encoding in latent consistency models; null where there is none.</summary>
    public int? Guidance { get; init; }
}
