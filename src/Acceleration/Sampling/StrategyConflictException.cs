namespace Acceleration;

/// <summary>Strategies that cannot work together, or not on this network. Thrown at build.</summary>
public sealed class StrategyConflictException : InvalidOperationException
{
    /// <summary>Names the strategies and the reason.</summary>
    public StrategyConflictException(string message, params IReadOnlyList<IStrategy> strategies)
        : base(message) => Strategies = strategies;

    /// <summary>The strategies concerned.</summary>
    public IReadOnlyList<IStrategy> Strategies { get; }
}
