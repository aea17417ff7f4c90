using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Parameters under today's names or those that pixel attention had at first.</summary>
/// <param name="weights">The file's.</param>
internal sealed class UNetWeights(IWeightSource weights) : IWeightSource
{
    private static readonly (string Now, string Once)[] Renamed =
    [
        (".to_q.", ".query."), (".to_k.", ".key."), (".to_v.", ".value."), (".to_out.0.", ".proj_attn."),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<long>? ShapeOf(string name) => weights.ShapeOf(NameOf(name));

    /// <inheritdoc/>
    public Tensor Take(string name, ReadOnlySpan<long> shape, ScalarType? dtype = null) => weights.Take(NameOf(name), shape, dtype);

    /// <inheritdoc/>
    public Tensor TakeStacked(IReadOnlyList<(string Name, long Size)> parts, ReadOnlySpan<long> rest, ScalarType? dtype = null) =>
        weights.TakeStacked([.. parts.Select(p => (NameOf(p.Name), p.Size))], rest, dtype);

    /// <summary>Whether a layer has a bias.</summary>
    public bool HasBias(string name) => ShapeOf(name + ".bias") is not null;

    /// <summary>A linear layer, stored as one or as a convolution of single pixels.</summary>
    public Linear Pixelwise(string name, long inputs, long outputs, ScalarType dtype)
    {
        var kernel = ShapeOf(name + ".weight")?.Count == 4;
        var weight = Take(name + ".weight", kernel ? [outputs, inputs, 1, 1] : [outputs, inputs], dtype);
        return new(kernel ? weight.view(outputs, inputs) : weight, Take(name + ".bias", [outputs], dtype));
    }

    private string NameOf(string name)
    {
        if (weights.ShapeOf(name) is null)
        {
            foreach (var (now, once) in Renamed)
            {
                var old = name.Replace(now, once, StringComparison.Ordinal);
                if (old != name && weights.ShapeOf(old) is not null)
                {
                    return old;
                }
            }
        }

        return name;
    }
}
