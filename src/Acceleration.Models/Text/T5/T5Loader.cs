using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a T5 or UMT5 encoder from its checkpoint.</summary>
internal static class T5Loader
{
    /// <summary>One table of relative positions serves all layers.</summary>
    public const string Shared = "T5EncoderModel";

    /// <summary>Every layer has its own.</summary>
    public const string PerLayer = "UMT5EncoderModel";

    public const string Mark = ".SelfAttention.relative_attention_bias.weight";
    private const string Embeddings = "shared";
    private const string SameEmbeddings = "encoder.embed_tokens";

    private static readonly string[] Parts = ["q", "k", "v"];

    public static TextEncoder Load(ICheckpoint file, NetworkOptions options, string className)
    {
        using var scope = NewDisposeScope();
        var prefix = TextCheckpoints.PrefixOf(file, Embeddings + ".weight", SameEmbeddings + ".weight");
        var isPerLayer = className == PerLayer;
        var config = T5Config.Read(CheckpointConfig.Of(file), isPerLayer);
        var block = (double)config.Width * ((4.0 * config.Inner) + ((config.IsGated ? 3.0 : 2.0) * config.Hidden));
        StatedSize.Require(file, ((double)config.Width * config.Vocabulary) + (config.Layers * block), $"{config.Layers} layers of width {config.Width}");
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);

        // Two names of one table: files have either or both.
        var stored = weights.ShapeOf(Embeddings + ".weight") is not null ? Embeddings : SameEmbeddings;
        weights.Ignore(SameEmbeddings + ".weight");
        var network = new T5Network(
            config,
            TextCheckpoints.Embedding(file, weights, prefix, stored, config.Vocabulary, config.Width),
            [.. Enumerable.Range(0, config.Layers).Select(i => Block(weights, $"encoder.block.{i}.layer", config, options.DType, hasPositions: isPerLayer || i == 0))],
            RmsNorm.Read(weights, "encoder.final_layer_norm", config.Width, config.Epsilon),
            options.Residual);
        weights.RequireComplete();
        var info = new TextEncoderInfo
        {
            ClassName = className,
            Name = file.Name,
            Weights = file.Fingerprint(),
            Width = config.Width,
            Layers = config.Layers,
            Vocabulary = config.Vocabulary,
            Device = network.Tokens.Table.device,
            DType = options.Residual,
        };
        return new T5Encoder(info, network with { Tensors = NetworkTensors.TakenFrom(scope) });
    }

    private static T5Block Block(WeightMap weights, string name, T5Config c, ScalarType dtype, bool hasPositions)
    {
        var (attention, feedForward) = ($"{name}.0.SelfAttention", $"{name}.1.DenseReluDense");
        Linear Plain(string layer, long inputs, long outputs) => Linear.Read(weights, layer, inputs, outputs, hasBias: false, dtype);
        return new(
            RmsNorm.Read(weights, $"{name}.0.layer_norm", c.Width, c.Epsilon),
            Linear.ReadStack(weights, c.Width, Parts.Select(p => ($"{attention}.{p}", (long)c.Inner)), hasBias: false, dtype),
            Plain(attention + ".o", c.Inner, c.Width),
            hasPositions ? weights.Take(attention + ".relative_attention_bias.weight", [c.Buckets, c.Heads]) : null,
            RmsNorm.Read(weights, $"{name}.1.layer_norm", c.Width, c.Epsilon),
            Plain(feedForward + (c.IsGated ? ".wi_0" : ".wi"), c.Width, c.Hidden),
            c.IsGated ? Plain(feedForward + ".wi_1", c.Width, c.Hidden) : null,
            Plain(feedForward + ".wo", c.Hidden, c.Width));
    }
}
