using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>How a model is loaded.</summary>
public sealed record PipelineOptions
{
    /// <summary>Type in which the network computes: see <see cref="NetworkOptions.DType"/>.</summary>
    public ScalarType DType { get; init; } = ScalarType.Float32;

    /// <summary>Type in which the text encoders compute; null for <see cref="DType"/>.</summary>
    public ScalarType? TextDType { get; init; }

    /// <summary>Type in which the autoencoder computes: Float32 unless set, because float16 overflows in many.</summary>
    public ScalarType AutoencoderDType { get; init; } = ScalarType.Float32;

    /// <summary>
    /// An autoencoder to take instead of the model's: a .safetensors file or a folder, for example one of TAESD. Null for the model's own; beside a single file of FLUX that is the ae.safetensors in its folder, where there is one.
    /// </summary>
    public string? Autoencoder { get; init; }

    /// <summary>Whether pictures larger than the autoencoder was trained on are decoded tile by tile, in little memory: see <see cref="TiledAutoencoder"/>.</summary>
    public bool Tiled { get; init; }

    /// <summary>Where everything computes; null for the CPU.</summary>
    public Device? Device { get; init; }

    /// <summary>Which of several forms of the weights is taken, for example <c>fp16</c> for <c>model.fp16.safetensors</c>; null for the one without a mark.</summary>
    public string? Variant { get; init; }

    /// <summary>What the network predicts, for single files that do not say it; null for what the scheduler is configured for.</summary>
    public PredictionType? Prediction { get; init; }

    /// <summary>Low-rank changes to merge into network and text encoders.</summary>
    public IReadOnlyList<Lora> Loras { get; init; } = [];

    /// <summary>Folder with the tokenizers of a single file, which holds none: <c>tokenizer</c>, <c>tokenizer_2</c> ... inside; null where prompts come encoded.</summary>
    public string? Tokenizers { get; init; }

    /// <summary>Whether text encoders are loaded; false where prompts come encoded.</summary>
    public bool LoadsText { get; init; } = true;
}
