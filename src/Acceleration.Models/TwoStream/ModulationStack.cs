using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The modulation of a whole network as one matrix product: shifts, scales and gates of all blocks, each part one width wide.</summary>
/// <param name="width">Width of a part.</param>
/// <param name="inputs">Width of the embedding that makes it; null for the same.</param>
internal sealed class ModulationStack(int width, int? inputs = null)
{
    private readonly List<(string Name, int Parts)> _layers = [];
    private readonly List<int> _scales = [];
    private int _parts;

    /// <summary>Adds a layer.</summary>
    /// <param name="name">Name of the linear layer.</param>
    /// <param name="parts">How many parts it makes.</param>
    /// <param name="scales">Those that scale.</param>
    /// <returns>Index of its first part.</returns>
    public int Add(string name, int parts, params ReadOnlySpan<int> scales)
    {
        var first = _parts;
        _layers.Add((name, parts));
        foreach (var scale in scales)
        {
            _scales.Add(first + scale);
        }

        _parts += parts;
        return first;
    }

    /// <summary>Takes the layers as one. A modulated norm is norm·(1 + scale) + shift; with the 1 in the bias, the product gives the factor itself.</summary>
    /// <param name="weights">Where from; of the type that the modulation shall have.</param>
    /// <param name="dtype">Type of the product.</param>
    public Modulation Read(IWeightSource weights, ScalarType dtype)
    {
        IReadOnlyList<(string, long)> Parts(string parameter) => [.. _layers.Select(l => (l.Name + parameter, (long)l.Parts * width))];

        var weight = weights.TakeStacked(Parts(".weight"), [inputs ?? width], dtype);
        var bias = weights.TakeStacked(Parts(".bias"), []);
        using var scope = NewDisposeScope();
        var parts = bias.view(_parts, width);
        _scales.ForEach(s => parts[s].Increment());
        return new(weight, bias);
    }
}
