namespace Acceleration.Tool;

/// <summary>Whether a strategy applies to a network.</summary>
/// <param name="Strategy">Its name.</param>
/// <param name="Tag">The settings it was tried with, as a tag.</param>
/// <param name="Applies">Whether a sampler with it can be built.</param>
/// <param name="Reason">Why not, or why it cannot pay.</param>
internal sealed record StrategyLine(string Strategy, string Tag, bool Applies, string? Reason);
