using System.Text.Json;

namespace Acceleration.Models;

/// <summary>The form of a latent-diffusion UNet, read from the shapes of its tensors: the file says nothing else of it.</summary>
internal sealed record LatentDiffusionShape
{
    /// <summary>What precedes the names of the UNet.</summary>
    public const string Prefix = "model.diffusion_model.";

    /// <summary>A name that tells the layout.</summary>
    public const string Mark = Prefix + "input_blocks.0.0.weight";

    private const int Groups = 32;
    private const int HeadWidth = 64;
    private const int Heads = 8;
    private const int SizeWidth = 256;
    private const int MostBlocks = 1 << 10;

    private readonly ICheckpoint _file;

    private LatentDiffusionShape(ICheckpoint file) => _file = file;

    /// <summary>Channels of each level, the outermost first.</summary>
    public List<long> Channels { get; } = [];

    /// <summary>Transformer blocks of each attention of a level; 0 where it has none.</summary>
    public List<int> Transformers { get; } = [];

    /// <summary>Residual blocks of a level.</summary>
    public int Layers { get; private set; }

    /// <summary>Width of the text.</summary>
    public long TextWidth { get; private set; }

    /// <summary>Whether projections around transformers are linear layers instead of convolutions, which came with heads of 64.</summary>
    public bool HasLinearProjections { get; private set; }

    /// <summary>Width of what SDXL is told beside the text; null for others.</summary>
    public long? Additional => ShapeOf("label_emb.0.0.weight") is [_, var width] ? width : null;

    /// <summary>Channels that it takes: 9 where it makes a part of a picture anew.</summary>
    public long Inputs => ShapeOf("input_blocks.0.0.weight") is [_, var channels, ..] ? channels : throw new CheckpointException(_file.FilePath, Mark, "this is no convolution.");

    /// <summary>Reads the form.</summary>
    /// <exception cref="CheckpointException">The shapes are those of no such UNet.</exception>
    public static LatentDiffusionShape Of(ICheckpoint file)
    {
        var shape = new LatentDiffusionShape(file);
        var layers = 0;
        for (var block = 1; block < MostBlocks; block++)
        {
            if (shape.ShapeOf($"input_blocks.{block}.0.op.weight") is not null)
            {
                layers = 0;
            }
            else if (shape.ShapeOf($"input_blocks.{block}.0.out_layers.3.weight") is [var channels, ..])
            {
                shape.Add(block, layers++, channels);
            }
            else
            {
                break;
            }
        }

        return shape.Layers > 0 ? shape : throw new CheckpointException(file.FilePath, null, $"it has the tensor {Mark} of Stable Diffusion's original layout, and no residual blocks of it.");
    }

    /// <summary>The configuration of a UNet2DConditionModel.</summary>
    /// <param name="pooled">Width of the pooled text, where the file has its encoder.</param>
    public string Config(long? pooled)
    {
        string Down(int depth) => depth > 0 ? "CrossAttnDownBlock2D" : "DownBlock2D";
        string Up(int depth) => depth > 0 ? "CrossAttnUpBlock2D" : "UpBlock2D";
        var config = new Dictionary<string, object?>
        {
            ["_class_name"] = "UNet2DConditionModel",
            ["in_channels"] = Inputs,
            ["out_channels"] = ShapeOf("out.2.weight") is [var outputs, ..] ? outputs : throw new CheckpointException(_file.FilePath, Prefix + "out.2.weight", "the file has no such tensor."),
            ["block_out_channels"] = Channels,
            ["layers_per_block"] = Layers,
            ["down_block_types"] = Transformers.Select(Down).ToArray(),
            ["up_block_types"] = Transformers.AsEnumerable().Reverse().Select(Up).ToArray(),
            ["cross_attention_dim"] = TextWidth,
            ["transformer_layers_per_block"] = Transformers.Select(t => Math.Max(1, t)).ToArray(),
            ["attention_head_dim"] = HasLinearProjections ? Channels.Select(c => Math.Max(1, c / HeadWidth)).ToArray() : Heads,
            ["use_linear_projection"] = HasLinearProjections,
            ["norm_num_groups"] = Groups,
            ["sample_size"] = Additional is not null ? 128 : HasLinearProjections ? 96 : 64,
        };
        if (Additional is { } width)
        {
            config["addition_embed_type"] = "text_time";
            config["addition_time_embed_dim"] = pooled is { } p && p < width && (width - p) % 6 == 0 ? (width - p) / 6 : SizeWidth;
            config["projection_class_embeddings_input_dim"] = width;
        }

        return JsonSerializer.Serialize(config);
    }

    private void Add(int block, int layer, long channels)
    {
        var transformers = BlockCount.Of(_file, $"{Prefix}input_blocks.{block}.1.transformer_blocks.");
        if (layer == 0)
        {
            Channels.Add(channels);
            Transformers.Add(transformers);
        }

        Layers = Math.Max(Layers, layer + 1);
        if (ShapeOf($"input_blocks.{block}.1.transformer_blocks.0.attn2.to_k.weight") is [_, var text])
        {
            TextWidth = text;
            HasLinearProjections = ShapeOf($"input_blocks.{block}.1.proj_in.weight") is { Count: 2 };
        }
    }

    private IReadOnlyList<long>? ShapeOf(string name) => _file.Tensors.GetValueOrDefault(Prefix + name)?.Shape;
}
