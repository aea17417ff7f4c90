using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Patches of an image as tokens: a convolution whose stride is its size, computed as a matrix product. Does not own its tensors.</summary>
public sealed class PatchEmbedding
{
    private readonly Linear _projection;
    private readonly long _channels;
    private readonly int _patch;

    private PatchEmbedding(Linear projection, long channels, int patch) => (_projection, _channels, _patch) = (projection, channels, patch);

    /// <summary>Its tensors.</summary>
    public IEnumerable<Tensor> Parameters => _projection.Parameters;

    /// <summary>Takes the convolution <c>name.weight</c> [width, channels, patch, patch] and, where there is one, <c>name.bias</c>.</summary>
    public static PatchEmbedding Read(IWeightSource weights, string name, long channels, int patch, long width, bool hasBias = true)
    {
        var kernel = weights.Take(name + ".weight", [width, channels, patch, patch]);
        var bias = hasBias ? weights.Take(name + ".bias", [width]) : null;
        return new(new(kernel.reshape(width, channels * patch * patch), bias), channels, patch);
    }

    /// <summary>Takes the linear layer <c>name.weight</c> [width, channels·patch·patch] and <c>name.bias</c>, whose inputs are a patch's pixels channel by channel.</summary>
    public static PatchEmbedding ReadLinear(IWeightSource weights, string name, long channels, int patch, long width) =>
        new(Linear.Read(weights, name, channels * patch * patch, width), channels, patch);

    /// <summary>Cuts and embeds.</summary>
    /// <param name="image">[rows, channels, height, width]; both sides multiples of the patch.</param>
    /// <returns>[rows, tokens, width], tokens row by row.</returns>
    public Tensor Apply(Tensor image)
    {
        using var scope = NewDisposeScope();
        long rows = image.size(0), high = image.size(2) / _patch, wide = image.size(3) / _patch;
        var patches = image.reshape(rows, _channels, high, _patch, wide, _patch)
            .permute(0, 2, 4, 1, 3, 5)
            .reshape(rows, high * wide, _channels * _patch * _patch);
        return _projection.Apply(patches).MoveToOuterDisposeScope();
    }

    /// <summary>Puts patches together again.</summary>
    /// <param name="tokens">[rows, high·wide, patch·patch·channels], channels innermost unless <paramref name="channelsFirst"/>.</param>
    /// <param name="high">Tokens per column.</param>
    /// <param name="wide">Tokens per row.</param>
    /// <param name="patch">Side of a patch.</param>
    /// <param name="channelsFirst">Whether the pixels of a patch lie channel by channel.</param>
    /// <returns>[rows, channels, high·patch, wide·patch].</returns>
    public static Tensor Assemble(Tensor tokens, long high, long wide, int patch, bool channelsFirst = false)
    {
        using var scope = NewDisposeScope();
        var channels = tokens.size(2) / (patch * patch);
        var apart = channelsFirst
            ? tokens.reshape(tokens.size(0), high, wide, channels, patch, patch).permute(0, 3, 1, 4, 2, 5)
            : tokens.reshape(tokens.size(0), high, wide, patch, patch, channels).permute(0, 5, 1, 3, 2, 4);
        return apart
            .reshape(tokens.size(0), channels, high * patch, wide * patch)
            .MoveToOuterDisposeScope();
    }
}
