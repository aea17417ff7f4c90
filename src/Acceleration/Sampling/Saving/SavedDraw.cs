namespace Acceleration;

/// <summary>Noise drawn several times in a row.</summary>
/// <param name="Size">Size of one sample, [channels, ...].</param>
/// <param name="Times">How often.</param>
internal sealed record SavedDraw(long[] Size, int Times);
