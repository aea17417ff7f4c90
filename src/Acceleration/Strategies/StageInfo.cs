namespace Acceleration;

/// <summary>A stage that begins.</summary>
/// <param name="Index">0-based.</param>
/// <param name="Grid">Its noise levels.</param>
/// <param name="Size">Latent size of one sample, [channels, ...].</param>
public readonly record struct StageInfo(int Index, Schedule Grid, IReadOnlyList<long> Size);
