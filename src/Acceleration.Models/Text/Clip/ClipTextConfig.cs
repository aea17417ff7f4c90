namespace Acceleration.Models;

/// <summary>The sizes of a CLIP text encoder; what a configuration leaves out is the class's default.</summary>
internal sealed record ClipTextConfig
{
    private const int MostWidth = 1 << 14;
    private const int MostLayers = 1 << 10;
    private const int MostIds = 1 << 24;
    private const int LegacyEnd = 2;

    public required ClipSizes Sizes { get; init; }

    public required int Layers { get; init; }

    public required int Vocabulary { get; init; }

    public required int Positions { get; init; }

    public required int Projection { get; init; }

    /// <summary>The token whose state stands for the whole text; null where that is the one with the largest id.</summary>
    public required int? End { get; init; }

    public static ClipTextConfig Read(CheckpointConfig config)
    {
        var end = config.Integer("eos_token_id", 0, MostIds, 49407);
        TextCheckpoints.IgnoreFree(config);
        var read = new ClipTextConfig
        {
            Sizes = ClipSizes.Read(config, 512, 2048, 8),
            Layers = config.Integer("num_hidden_layers", 1, MostLayers, 12),
            Vocabulary = config.Integer("vocab_size", 1, MostIds, 49408),
            Positions = config.Integer("max_position_embeddings", 1, MostIds, 77),
            Projection = config.Integer("projection_dim", 1, MostWidth, 512),
            End = end == LegacyEnd ? null : end,
        };
        config.RequireAllRead();
        return read;
    }
}
