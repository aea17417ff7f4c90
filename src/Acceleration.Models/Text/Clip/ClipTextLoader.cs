using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a CLIP text encoder from its checkpoint.</summary>
internal static class ClipTextLoader
{
    public const string Plain = "CLIPTextModel";
    public const string Projecting = "CLIPTextModelWithProjection";
    public const string Mark = "text_model.embeddings.token_embedding.weight";
    private const string ProjectionName = "text_projection";

    private static readonly string[] Parts = ["q", "k", "v"];

    public static TextEncoder Load(ICheckpoint file, NetworkOptions options)
    {
        using var scope = NewDisposeScope();
        var prefix = TextCheckpoints.PrefixOf(file, Mark);
        var source = CheckpointConfig.Of(file);
        var config = ClipTextConfig.Read(source);
        StatedSize.Require(file, (double)config.Width * (config.Vocabulary + config.Positions + (config.Layers * ((4.0 * config.Width) + (2.0 * config.Hidden)))), $"{config.Layers} layers of width {config.Width}");
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var projects = source.ClassName is { } name ? name == Projecting : weights.ShapeOf(ProjectionName + ".weight") is not null;
        var network = new ClipTextNetwork(
            config,
            TextCheckpoints.Embedding(file, weights, prefix, "text_model.embeddings.token_embedding", config.Vocabulary, config.Width),
            weights.Take("text_model.embeddings.position_embedding.weight", [config.Positions, config.Width]),
            [.. Enumerable.Range(0, config.Layers).Select(i => Block(weights, $"text_model.encoder.layers.{i}", config, options.DType))],
            LayerNorm.Read(weights, "text_model.final_layer_norm", config.Width, config.Epsilon),
            projects ? Linear.Read(weights, ProjectionName, config.Width, config.Projection, hasBias: false) : null,
            options.Residual);

        // 0, 1, 2, ...: older files have it.
        weights.Ignore("text_model.embeddings.position_ids");
        weights.RequireComplete();
        var info = new TextEncoderInfo
        {
            ClassName = projects ? Projecting : Plain,
            Name = file.Name,
            Weights = file.Fingerprint(),
            Width = config.Width,
            PooledWidth = projects ? config.Projection : config.Width,
            Layers = config.Layers,
            Vocabulary = config.Vocabulary,
            MaxTokens = config.Positions,
            Device = network.Tokens.Table.device,
            DType = options.Residual,
        };
        return new ClipTextEncoder(info, network with { Tensors = NetworkTensors.TakenFrom(scope) });
    }

    private static ClipTextBlock Block(WeightMap weights, string name, ClipTextConfig c, ScalarType dtype)
    {
        var attention = name + ".self_attn";
        return new(
            LayerNorm.Read(weights, name + ".layer_norm1", c.Width, c.Epsilon),
            Linear.ReadStack(weights, c.Width, Parts.Select(p => ($"{attention}.{p}_proj", (long)c.Width)), dtype: dtype),
            Linear.Read(weights, attention + ".out_proj", c.Width, c.Width, dtype: dtype),
            LayerNorm.Read(weights, name + ".layer_norm2", c.Width, c.Epsilon),
            Linear.Read(weights, name + ".mlp.fc1", c.Width, c.Hidden, dtype: dtype),
            Linear.Read(weights, name + ".mlp.fc2", c.Hidden, c.Width, dtype: dtype));
    }
}
