using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a CLIP image encoder from its checkpoint.</summary>
internal static class ClipVisionLoader
{
    public const string Plain = "CLIPVisionModel";
    public const string Projecting = "CLIPVisionModelWithProjection";
    private const string Mark = "vision_model.embeddings.class_embedding";
    private const string ProjectionName = "visual_projection";

    public static ImageEncoder Load(ICheckpoint file, NetworkOptions options)
    {
        var source = CheckpointConfig.Of(file);
        if (source.ClassName is { } named && named is not (Plain or Projecting))
        {
            throw new CheckpointException(file.FilePath, null, $"this is a {(named.Length > 60 ? named[..60] + "..." : named)}; image encoders known are {Plain}, {Projecting}.");
        }

        using var scope = NewDisposeScope();
        var prefix = TextCheckpoints.PrefixOf(file, Mark);
        var config = ClipVisionConfig.Read(source);
        var (sizes, width) = (config.Sizes, (double)config.Sizes.Width);
        StatedSize.Require(
            file, width * (config.Tokens + ((double)config.Channels * config.Patch * config.Patch) + (config.Layers * ((4 * width) + (2.0 * sizes.Hidden)))), $"{config.Layers} layers of width {sizes.Width} for pictures of {config.Side} pixels");
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var projects = source.ClassName is { } name ? name == Projecting : weights.ShapeOf(ProjectionName + ".weight") is not null;
        var network = new ClipVisionNetwork(
            config,
            weights.Take(Mark, [sizes.Width]),
            PatchEmbedding.Read(weights, "vision_model.embeddings.patch_embedding", config.Channels, config.Patch, sizes.Width, hasBias: false),
            weights.Take("vision_model.embeddings.position_embedding.weight", [config.Tokens, sizes.Width]),
            LayerNorm.Read(weights, "vision_model.pre_layrnorm", sizes.Width, sizes.Epsilon),
            [.. Enumerable.Range(0, config.Layers).Select(i => ClipBlock.Read(weights, $"vision_model.encoder.layers.{i}", sizes, options))],
            LayerNorm.Read(weights, "vision_model.post_layernorm", sizes.Width, sizes.Epsilon),
            projects ? Linear.Read(weights, ProjectionName, sizes.Width, config.Projection, hasBias: false) : null);

        // 0, 1, 2, ...: older files have it.
        weights.Ignore("vision_model.embeddings.position_ids");
        weights.RequireComplete();
        var info = new ImageEncoderInfo
        {
            ClassName = projects ? Projecting : Plain,
            Name = file.Name,
            Weights = file.Fingerprint(),
            Side = config.Side,
            Tokens = config.Tokens,
            Width = sizes.Width,
            PooledWidth = projects ? config.Projection : sizes.Width,
            Layers = config.Layers,
            Device = network.Positions.device,
            DType = options.Residual,
        };
        return new(info, network with { Tensors = NetworkTensors.TakenFrom(scope) });
    }
}
