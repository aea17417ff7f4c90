namespace Acceleration;

/// <summary>
/// An immutable, shareable description of one way to do less work. <see cref="Begin"/> makes the run that holds the mutable state of one request.
/// </summary>
public interface IStrategy
{
    /// <summary>Short form for tables, from which the strategy can be made again, for example <c>EC0.05</c>.</summary>
    string Tag { get; }

    /// <summary>Where it works, what it needs and what it excludes; checked once, at build.</summary>
    Requirements Needs { get; }

    /// <summary>Starts a request. All that the run remembers lies in <paramref name="store"/>.</summary>
    IRun Begin(RunInfo info, RunStore store);
}
