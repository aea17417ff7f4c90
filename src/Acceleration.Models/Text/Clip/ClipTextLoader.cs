using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a CLIP text encoder from its checkpoint.</summary>
internal static class ClipTextLoader
{
    public const string Plain = "CLIPTextModel";
    public const string Projecting = "CLIPTextModelWithProjection";
    public const string Mark = "text_model.embeddings.token_embedding.weight";
    private const string ProjectionName = "text_projection";

    public static TextEncoder Load(ICheckpoint file, NetworkOptions options)
    {
        using var scope = NewDisposeScope();
        var prefix = TextCheckpoints.PrefixOf(file, Mark);
        var source = CheckpointConfig.Of(file);
        var config = ClipTextConfig.Read(source);
        double width = config.Sizes.Width;
        StatedSize.Require(file, width * (config.Vocabulary + config.Positions + (config.Layers * ((4 * width) + (2.0 * config.Sizes.Hidden)))), $"{config.Layers} layers of width {config.Sizes.Width}");
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var projects = source.ClassName is { } name ? name == Projecting : weights.ShapeOf(ProjectionName + ".weight") is not null;
        var network = new ClipTextNetwork(
            config,
            TextCheckpoints.Embedding(file, weights, prefix, "text_model.embeddings.token_embedding", config.Vocabulary, config.Sizes.Width),
            weights.Take("text_model.embeddings.position_embedding.weight", [config.Positions, config.Sizes.Width]),
            [.. Enumerable.Range(0, config.Layers).Select(i => ClipBlock.Read(weights, $"text_model.encoder.layers.{i}", config.Sizes, options))],
            LayerNorm.Read(weights, "text_model.final_layer_norm", config.Sizes.Width, config.Sizes.Epsilon),
            projects ? Linear.Read(weights, ProjectionName, config.Sizes.Width, config.Projection, hasBias: false) : null,
            options.Residual);

        // 0, 1, 2, ...: older files have it.
        weights.Ignore("text_model.embeddings.position_ids");
        weights.RequireComplete();
        var info = new TextEncoderInfo
        {
            ClassName = projects ? Projecting : Plain,
            Name = file.Name,
            Weights = file.Fingerprint(),
            Width = config.Sizes.Width,
            PooledWidth = projects ? config.Projection : config.Sizes.Width,
            Layers = config.Layers,
            Vocabulary = config.Vocabulary,
            MaxTokens = config.Positions,
            Device = network.Tokens.Table.device,
            DType = options.Residual,
        };
        return new ClipTextEncoder(info, network with { Tensors = NetworkTensors.TakenFrom(scope) });
    }
}
