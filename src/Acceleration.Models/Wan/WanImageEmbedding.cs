using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Brings the tokens of encoded images to the network's width.</summary>
/// <param name="Positions">[1, tokens, image width], or null.</param>
/// <param name="Before">Norm of what comes.</param>
/// <param name="FeedForward">The projection.</param>
/// <param name="After">Norm of what goes.</param>
internal sealed record WanImageEmbedding(Tensor? Positions, LayerNorm Before, TransformerFeedForward FeedForward, LayerNorm After)
{
    private const double Epsilon = 1e-5;

    public static WanImageEmbedding Read(IWeightSource weights, string name, int image, WanConfig c) => new(
        c.ImageTokens is { } tokens ? weights.Take(name + ".pos_embed", [1, tokens, image]) : null,
        LayerNorm.Read(weights, name + ".norm1", image, Epsilon),
        TransformerFeedForward.Read(weights, name + ".ff", image, image, new(Activation.Gelu), outputs: c.Width),
        LayerNorm.Read(weights, name + ".norm2", c.Width, Epsilon));

    /// <param name="tokens">[rows, tokens, image width].</param>
    /// <returns>[rows, tokens, width].</returns>
    public Tensor Apply(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return After.Apply(FeedForward.Apply(Before.Apply(Positions is null ? tokens : tokens.Plus(Positions)))).MoveToOuterDisposeScope();
    }
}
