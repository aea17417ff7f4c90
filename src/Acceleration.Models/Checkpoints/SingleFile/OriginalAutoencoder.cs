using System.Text.Json;

namespace Acceleration.Models;

/// <summary>An AutoencoderKL in the layout of an original release: a part of a whole model, or a file of its own such as FLUX's ae.safetensors.</summary>
internal static class OriginalAutoencoder
{
    private const string Mark = "decoder.mid.block_1.conv1.weight";
    private const string ClassName = "AutoencoderKL";
    private const string WholeModel = "first_stage_model.";
    private const int Groups = 32;
    private const int FluxChannels = 16;

    // What published configurations say.
    private static readonly (double Factor, double Shift) StableDiffusion = (0.18215, 0);
    private static readonly (double Factor, double Shift) StableDiffusionXL = (0.13025, 0);
    private static readonly (double Factor, double Shift) StableDiffusion3 = (1.5305, 0.0609);
    private static readonly (double Factor, double Shift) Flux = (0.3611, 0.1159);

    /// <summary>What precedes the names of one; null where a file holds none in this layout.</summary>
    public static string? PrefixOf(ICheckpoint file) => file.Names.FirstOrDefault(n => n.EndsWith(Mark, StringComparison.Ordinal))?[..^Mark.Length];

    /// <summary>The one in a file, as a checkpoint of diffusers' layout. The file stays its owner's.</summary>
    /// <param name="file">The file.</param>
    /// <param name="prefix">What precedes its names.</param>
    /// <param name="pipeline">The pipeline that it belongs to, which says how latents are scaled; null where nobody knows.</param>
    /// <exception cref="CheckpointException">It lacks tensors, or nothing says how latents are scaled.</exception>
    public static RenamedCheckpoint Of(ICheckpoint file, string prefix, string? pipeline)
    {
        var levels = BlockCount.Of(file, prefix + "encoder.down.");
        var layers = BlockCount.Of(file, prefix + "encoder.down.0.block.");
        var sources = new ModuleNames(LatentDiffusionAutoencoder.Pairs(levels, layers)).Sources(file, prefix)
            .ToDictionary(s => s.Key, s => LatentDiffusionAutoencoder.IsPointwise(s.Key) ? s.Value with { DropsUnits = true } : s.Value);

        // A configuration beside a file of its own knows better.
        return new(file, sources, prefix != WholeModel && CheckpointConfig.Of(file).ClassName == ClassName ? file.Metadata : new Dictionary<string, string> { ["config"] = Config(file, prefix, pipeline, levels, layers) });
    }

    private static string Config(ICheckpoint file, string prefix, string? pipeline, int levels, int layers)
    {
        var latents = Shape("decoder.conv_in.weight")[1];
        var quant = file.Tensors.ContainsKey(prefix + "quant_conv.weight");
        var (factor, shift) = pipeline is not null ? ScaleOf(pipeline)
            : latents == FluxChannels && !quant ? (prefix == WholeModel ? StableDiffusion3 : Flux)
            : throw new CheckpointException(
                file.FilePath, null, $"this is an autoencoder in the layout of an original release, and neither its {latents} channels nor anything else says how its latents are scaled. Put a config.json beside it: "
                    + "{\"_class_name\": \"AutoencoderKL\", \"scaling_factor\": ...} with all sizes; the factor is 0.18215 of Stable Diffusion 1 and 2, 0.13025 of SDXL.");
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["_class_name"] = ClassName,
            ["in_channels"] = Shape("encoder.conv_in.weight")[1],
            ["out_channels"] = Shape("decoder.conv_out.weight")[0],
            ["latent_channels"] = latents,
            ["block_out_channels"] = Enumerable.Range(0, levels).Select(i => Shape($"encoder.down.{i}.block.0.conv1.weight")[0]).ToArray(),
            ["layers_per_block"] = layers,
            ["norm_num_groups"] = Groups,
            ["scaling_factor"] = factor,
            ["shift_factor"] = shift,
            ["use_quant_conv"] = quant,
            ["use_post_quant_conv"] = file.Tensors.ContainsKey(prefix + "post_quant_conv.weight"),
            ["down_block_types"] = Enumerable.Repeat("DownEncoderBlock2D", levels).ToArray(),
            ["up_block_types"] = Enumerable.Repeat("UpDecoderBlock2D", levels).ToArray(),
        });

        IReadOnlyList<long> Shape(string name) => file.Tensors.TryGetValue(prefix + name, out var entry) && entry.Shape.Count == 4
            ? entry.Shape
            : throw new CheckpointException(file.FilePath, prefix + name, "the file has no such convolution, which an autoencoder of this layout needs.");
    }

    private static (double Factor, double Shift) ScaleOf(string pipeline) =>
        pipeline.StartsWith("Flux", StringComparison.Ordinal) ? Flux
        : pipeline.StartsWith(nameof(StableDiffusion3), StringComparison.Ordinal) ? StableDiffusion3
        : pipeline.StartsWith(nameof(StableDiffusionXL), StringComparison.Ordinal) || pipeline.StartsWith("PixArtSigma", StringComparison.Ordinal) ? StableDiffusionXL
        : StableDiffusion;
}
