namespace Acceleration;

/// <summary>A description of noise levels, from which a network's schedule is made: the part of a plan that says which levels, and how many.</summary>
public interface IGrid
{
    /// <summary>The noise levels on a network.</summary>
    /// <exception cref="InvalidOperationException">The network has no such levels.</exception>
    /// <exception cref="ArgumentException">The network has too few levels.</exception>
    Schedule On(DenoiserInfo network);
}
