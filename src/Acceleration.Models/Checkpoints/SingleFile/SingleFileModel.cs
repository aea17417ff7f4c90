using System.Text.Json;

namespace Acceleration.Models;

/// <summary>
/// A whole model in one file of its original release: Stable Diffusion 1, 2 or XL with autoencoder and text encoders, or a FLUX network. Its parts are seen as the components of a model folder.
/// </summary>
internal sealed class SingleFileModel
{
    private const int InpaintingChannels = 9;

    private readonly ICheckpoint _file;
    private readonly LatentDiffusionShape? _unet;

    private SingleFileModel(ICheckpoint file, LatentDiffusionShape? unet) => (_file, _unet) = (file, unet);

    /// <summary>The pipeline that the file is of.</summary>
    public string Pipeline => _unet is null ? FluxPipeline() : $"{(IsXL ? "StableDiffusionXL" : "StableDiffusion")}{(_unet.Inputs == InpaintingChannels ? "Inpaint" : "")}Pipeline";

    /// <summary>Whether the file does not say what its network predicts: the same form was released with both.</summary>
    public bool IsPredictionUnknown => _unet is { HasLinearProjections: true, Additional: null };

    /// <summary>The scheduler that the release came with, as a configuration.</summary>
    public string Scheduler => JsonSerializer.Serialize(_unet is null ? Flow() : Noise());

    /// <summary>Recognises a file; null where it is no whole model.</summary>
    public static SingleFileModel? Of(ICheckpoint file) =>
        file.Tensors.ContainsKey(LatentDiffusionShape.Mark) ? new(file, LatentDiffusionShape.Of(file))
        : FluxPrefix(file) is not null ? new(file, null)
        : null;

    /// <summary>A component as a checkpoint of diffusers' or transformers' layout; null where the file has none of this name. The file stays its owner's.</summary>
    public ICheckpoint? Component(string name) => (name, _unet) switch
    {
        ("transformer", null) => Renamed(OriginalFlux.Of(_file, FluxPrefix(_file)!), FluxConfig()),
        (_, null) => null,
        ("unet", { } unet) => Renamed(new ModuleNames(LatentDiffusionUNet.Pairs([.. unet.Transformers.Select(t => t > 0)], unet.Layers)).Sources(_file, LatentDiffusionShape.Prefix), unet.Config(PooledWidth())),
        ("vae", _) => OriginalAutoencoder.PrefixOf(_file) is { } prefix ? OriginalAutoencoder.Of(_file, prefix, Pipeline) : null,
        ("text_encoder", _) when IsXL => Clip("conditioner.embedders.0.transformer.", "CLIPTextModel"),
        ("text_encoder_2", _) when IsXL => OpenClip("conditioner.embedders.1.model.", leaveOut: 0, "CLIPTextModelWithProjection"),
        ("text_encoder", { HasLinearProjections: true }) => OpenClip("cond_stage_model.model.", leaveOut: 1, "CLIPTextModel"),
        ("text_encoder", _) => Clip("cond_stage_model.transformer.", "CLIPTextModel"),
        _ => null,
    };

    private bool IsXL => _unet?.Additional is not null;

    /// <summary>Networks that read as many channels beside their latents as these have were released for control pictures, those that read more for parts of pictures.</summary>
    private string FluxPipeline()
    {
        var (inputs, outputs) = FluxChannels();
        return inputs == outputs ? "FluxPipeline" : inputs == 2 * outputs ? "FluxControlPipeline" : "FluxFillPipeline";
    }

    private (long Inputs, long Outputs) FluxChannels()
    {
        var prefix = FluxPrefix(_file)!;
        return Shape(prefix + "img_in.weight") is [_, var inputs] && Shape(prefix + "final_layer.linear.weight") is [var outputs, _]
            ? (inputs, outputs)
            : throw new CheckpointException(_file.FilePath, null, $"it has the tensor {OriginalFlux.Mark} of FLUX's original layout, and not the matrices {prefix}img_in.weight and {prefix}final_layer.linear.weight.");
    }

    private static string? FluxPrefix(ICheckpoint file) => file.Names.FirstOrDefault(n => n.EndsWith(OriginalFlux.Mark, StringComparison.Ordinal))?[..^OriginalFlux.Mark.Length];

    private RenamedCheckpoint Renamed(Dictionary<string, TensorSource> sources, string config) => new(_file, sources, new Dictionary<string, string> { ["config"] = config });

    private RenamedCheckpoint? Clip(string prefix, string className)
    {
        var table = prefix + "text_model.embeddings.token_embedding.weight";
        return Shape(table) is not [var words, var width] ? null : Renamed(
            _file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(n => n[prefix.Length..], n => new TensorSource(n)),
            ClipConfig(className, words, width, BlockCount.Of(_file, prefix + "text_model.encoder.layers."), Shape(prefix + "text_model.encoder.layers.0.mlp.fc1.weight")![0], "quick_gelu", null));
    }

    private RenamedCheckpoint? OpenClip(string prefix, int leaveOut, string className)
    {
        if (Shape(prefix + "token_embedding.weight") is not [var words, var width])
        {
            return null;
        }

        var layers = BlockCount.Of(_file, prefix + "transformer.resblocks.") - leaveOut;
        var sources = OpenClipNames.Of(_file, prefix, layers);
        if (className == "CLIPTextModel")
        {
            sources.Remove("text_projection.weight");
        }

        return Renamed(sources, ClipConfig(className, words, width, layers, Shape(prefix + "transformer.resblocks.0.mlp.c_fc.weight")![0], "gelu", Shape(prefix + "text_projection") is [_, var projection] ? projection : null));
    }

    /// <summary>Heads are 64 wide in every released encoder.</summary>
    private string ClipConfig(string className, long words, long width, int layers, long inner, string activation, long? projection) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["architectures"] = new[] { className },
        ["vocab_size"] = words,
        ["hidden_size"] = width,
        ["intermediate_size"] = inner,
        ["num_hidden_layers"] = layers,
        ["num_attention_heads"] = Math.Max(1, width / 64),
        ["hidden_act"] = activation,
        ["projection_dim"] = projection ?? width,
        ["eos_token_id"] = 2,
    });

    private string FluxConfig()
    {
        var prefix = FluxPrefix(_file)!;
        var (inputs, outputs) = FluxChannels();
        var (input, norm) = (Shape(prefix + "img_in.weight")!, Shape(prefix + "double_blocks.0.img_attn.norm.query_norm.scale")!);
        var head = norm[0];
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["_class_name"] = "FluxTransformer2DModel",
            ["in_channels"] = inputs,
            ["out_channels"] = outputs,
            ["patch_size"] = 1,
            ["num_attention_heads"] = input[0] / head,
            ["attention_head_dim"] = head,
            ["axes_dims_rope"] = new[] { head / 8, head * 7 / 16, head * 7 / 16 },
            ["num_layers"] = BlockCount.Of(_file, prefix + "double_blocks."),
            ["num_single_layers"] = BlockCount.Of(_file, prefix + "single_blocks."),
            ["joint_attention_dim"] = Shape(prefix + "txt_in.weight")![1],
            ["pooled_projection_dim"] = Shape(prefix + "vector_in.in_layer.weight")![1],
            ["guidance_embeds"] = IsDistilled,
        });
    }

    private bool IsDistilled => Shape(FluxPrefix(_file) + "guidance_in.in_layer.weight") is not null;

    private long? PooledWidth() => Shape("conditioner.embedders.1.model.text_projection") is [_, var width] ? width : null;

    private Dictionary<string, object> Flow() => new()
    {
        ["_class_name"] = "FlowMatchEulerDiscreteScheduler",
        ["shift"] = IsDistilled ? 3.0 : 1.0,
        ["use_dynamic_shifting"] = IsDistilled,
    };

    private Dictionary<string, object> Noise()
    {
        var config = new Dictionary<string, object>
        {
            ["beta_start"] = 0.00085,
            ["beta_end"] = 0.012,
            ["beta_schedule"] = "scaled_linear",
            ["timestep_spacing"] = "leading",
            ["steps_offset"] = 1,
        };
        if (IsXL)
        {
            config["_class_name"] = "EulerDiscreteScheduler";
            return config;
        }

        (config["_class_name"], config["clip_sample"], config["set_alpha_to_one"]) = ("DDIMScheduler", false, false);
        return config;
    }

    private IReadOnlyList<long>? Shape(string name) => _file.Tensors.GetValueOrDefault(name)?.Shape;
}
