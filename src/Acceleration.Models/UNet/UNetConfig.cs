namespace Acceleration.Models;

/// <summary>The sizes and options of a UNet, from the configuration of either class.</summary>
internal sealed record UNetConfig
{
    public const int MostChannels = 1 << 14;
    public const int MostLevels = 16;
    public const int MostLayers = 64;
    public const int MostDepth = 256;
    public const int MostSide = 1 << 13;

    /// <summary>Whether it reads text (UNet2DConditionModel).</summary>
    public required bool TakesText { get; init; }

    /// <summary>Channels of the first convolution's input.</summary>
    public required int Inputs { get; init; }

    public required int Outputs { get; init; }

    /// <summary>Sides in training.</summary>
    public required (int High, int Wide) Side { get; init; }

    /// <summary>The finest first.</summary>
    public required IReadOnlyList<UNetLevel> Levels { get; init; }

    /// <summary>The part at the lowest resolution; null for none.</summary>
    public required UNetStage? Middle { get; init; }

    /// <summary>Residual blocks of the middle.</summary>
    public required int MiddleLayers { get; init; }

    public required int Groups { get; init; }

    public required double Epsilon { get; init; }

    /// <summary>Of the residual blocks, and of the time on its way into them.</summary>
    public required Activation Activation { get; init; }

    /// <summary>In front of the last convolution.</summary>
    public required Activation OutputActivation { get; init; }

    /// <summary>Whether residual blocks scale and shift their second norm by the time, instead of adding it in front.</summary>
    public required bool ScaleShift { get; init; }

    /// <summary>Zeros around the image where a convolution halves it: 1 all around, or 0 for one at the right and at the bottom.</summary>
    public required int DownPadding { get; init; }

    public int InputKernel { get; init; } = 3;

    public int OutputKernel { get; init; } = 3;

    /// <summary>Whether the input is taken from [0, 1] to [−1, 1].</summary>
    public required bool IsCentred { get; init; }

    public required UNetTime Time { get; init; }

    public required UNetClasses Classes { get; init; }

    /// <summary>Width of the pooled text and of each encoded size of SDXL; null without them.</summary>
    public (int Pooled, int Number)? TextTime { get; init; }

    /// <summary>Width of the text as the request brings it.</summary>
    public int TextWidth { get; init; }

    /// <summary>Width to which the text is projected first; null where it is not.</summary>
    public int? TextProjection { get; init; }

    /// <summary>Whether attention is computed in the residual stream's type.</summary>
    public bool UpcastAttention { get; init; }

    /// <summary>What it predicts, where the file says so.</summary>
    public PredictionType? Prediction { get; init; }

    public required int TrainSteps { get; init; }

    /// <summary>Whether variance logits follow the prediction.</summary>
    public bool LearnedVariance => Outputs == 2 * Inputs;

    /// <summary>Channels of the latents that are denoised.</summary>
    public int Latents => Math.Min(Inputs, Outputs);

    /// <summary>Width of the embedding that residual blocks are told of.</summary>
    public int EmbeddingWidth => Classes.IsJoined ? 2 * Time.Width : Time.Width;

    /// <summary>Sizes of SDXL that are encoded.</summary>
    public const int TimeIds = 6;

    public UNetConfig Checked(CheckpointConfig config)
    {
        config.RequireAllRead();
        config.Require(Outputs <= Inputs || LearnedVariance, $"{Outputs} output channels are neither as many as the {Inputs} of the input, nor fewer, nor twice as many");
        config.Require(!Classes.IsJoined || TextTime is null, "class_embeddings_concat leaves no place for an added embedding");
        foreach (var level in Levels)
        {
            Fits(level.Channels, level.Down);
            Fits(level.Channels, level.Up);
        }

        if (Middle is not null)
        {
            Fits(Levels[^1].Channels, Middle);
        }

        return this;

        void Fits(int channels, UNetStage stage)
        {
            config.Require(channels % Groups == 0 && channels % (stage.AttentionGroups ?? 1) == 0, $"{channels} channels cannot be divided among {(channels % Groups == 0 ? stage.AttentionGroups : Groups)} groups");
            config.Require(stage.Mixing == UNetMixing.None || (stage.Heads > 0 && channels % stage.Heads == 0), $"{channels} channels cannot be divided among {stage.Heads} heads");
        }
    }
}
