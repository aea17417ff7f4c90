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
}
