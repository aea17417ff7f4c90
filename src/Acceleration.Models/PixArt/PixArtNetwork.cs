using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded PixArt network.</summary>
/// <param name="Config">Sizes.</param>
/// <param name="Patches">Embeds patches.</param>
/// <param name="CaptionIn">First layer of the projection of captions, or null.</param>
/// <param name="CaptionOut">Its second.</param>
/// <param name="Conditioner">Time, sizes and modulation.</param>
/// <param name="Blocks">The blocks.</param>
/// <param name="Output">The output layer.</param>
/// <param name="Positions">Position tables.</param>
/// <param name="Sites">Sites.</param>
/// <param name="DType">Type of the products.</param>
/// <param name="Residual">Type of the residual stream.</param>
internal sealed record PixArtNetwork(
    PixArtConfig Config,
    PatchEmbedding Patches,
    Linear? CaptionIn,
    Linear? CaptionOut,
    PixArtConditioner Conditioner,
    IReadOnlyList<PixArtBlock> Blocks,
    Linear Output,
    PixArtPositions Positions,
    PixArtSites Sites,
    ScalarType DType,
    ScalarType Residual) : IDisposable
{
    private const double Epsilon = 1e-6;

    public LayerNorm OutputNorm { get; } = new(Config.Width, Epsilon);

    public Device Device => Output.Weight.device;

    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    /// <summary>The text that blocks attend to.</summary>
    /// <param name="text">[rows, tokens, width of the encoded text].</param>
    public Tensor Captions(Tensor text)
    {
        if (CaptionIn is null)
        {
            return text;
        }

        using var active = CaptionIn.ApplyGelu(text);
        return CaptionOut!.Apply(active);
    }

    public void Dispose()
    {
        Tensors?.Dispose();
        Conditioner.Dispose();
        Positions.Dispose();
    }
}
