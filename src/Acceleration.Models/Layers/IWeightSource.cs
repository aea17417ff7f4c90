using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Where layers take their parameters from. Layers know names and shapes, a source knows files, types and devices.</summary>
public interface IWeightSource
{
    /// <summary>The shape of a parameter; null where there is none of this name.</summary>
    IReadOnlyList<long>? ShapeOf(string name);

    /// <summary>Takes one parameter.</summary>
    /// <param name="name">Its name in the network's own naming.</param>
    /// <param name="shape">The shape it must have.</param>
    /// <param name="dtype">Element type wanted; null for the source's own.</param>
    /// <returns>
    /// The parameter, owned by the caller's dispose scope. A source may note a missing or misshapen one and return zeros of <paramref name="shape"/>, so that it
    /// can report all of them together.
    /// </returns>
    Tensor Take(string name, ReadOnlySpan<long> shape, ScalarType? dtype = null);

    /// <summary>Takes several parameters as one, one after the other along dimension 0.</summary>
    /// <param name="parts">Name of each, and its size along dimension 0.</param>
    /// <param name="rest">Their sizes along the other dimensions.</param>
    /// <param name="dtype">Element type wanted; null for the source's own.</param>
    /// <returns>Memory of its own, owned by the caller's dispose scope. A source that can holds no part twice.</returns>
    Tensor TakeStacked(IReadOnlyList<(string Name, long Size)> parts, ReadOnlySpan<long> rest, ScalarType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        using var scope = NewDisposeScope();
        var taken = new List<Tensor>();
        foreach (var (name, size) in parts)
        {
            taken.Add(Take(name, [size, .. rest], dtype));
        }

        return cat(taken, 0).MoveToOuterDisposeScope();
    }
}
