using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary>What a recorded pipeline was called with.</summary>
internal sealed record StoredCall
{
    /// <summary>Steps; null for what the pipeline takes.</summary>
    public int? Steps { get; private init; }

    /// <summary>Guidance away from the negative condition; 1 for none.</summary>
    public double Guidance { get; private init; }

    /// <summary>φ of the guidance rescale.</summary>
    public double Rescale { get; private init; }

    /// <summary>η of DDIM.</summary>
    public double Eta { get; private init; }

    /// <summary>Skip-layer guidance; null for none.</summary>
    public SkipLayerGuidance? SkipLayers { get; private init; }

    /// <summary>Class labels of a class-conditional pipeline.</summary>
    public long[] Labels { get; private init; } = [];

    /// <summary>Samples of an unconditional pipeline.</summary>
    public int Samples { get; private init; }

    /// <summary>Whether what was stored as the result is pictures.</summary>
    public bool Decodes { get; private init; }

    /// <summary>Size and micro-conditions.</summary>
    public required PipelineCall Call { get; init; }

    /// <summary>Reads the arguments of a call.</summary>
    /// <exception cref="NotKnownException">One of them is not known here.</exception>
    public static StoredCall Of(StoredConfig call, PipelineForm form)
    {
        call.Ignore("max_sequence_length");

        // With a strength of 1 pipelines begin with noise, or so little else that no step knows.
        call.Expect("strength", 1.0);
        call.Expect("use_dynamic_cfg", false);
        var (height, width, frames) = (call.Get<int?>("height", null), call.Get<int?>("width", null), call.Get<int?>("num_frames", null));
        var steps = call.Get<int?>("num_inference_steps", null);

        // What FLUX calls its guidance scale is told to the network; the other one is the usual guidance.
        var (scale, isFlux) = (call.Get<double?>("guidance_scale", null), form is FluxForm);
        var made = new StoredCall
        {
            Steps = steps,
            Guidance = isFlux ? call.Get("true_cfg_scale", 1.0) : scale ?? form.UsualGuidance,
            Rescale = call.Get("guidance_rescale", 0.0),
            Eta = call.Get("eta", 0.0),
            SkipLayers = Skip(call, steps ?? form.UsualSteps),
            Labels = call.Get<long[]>("class_labels", []),
            Samples = call.Get("batch_size", 1),
            Decodes = call.Get("output_type", "pil") != "latent",
            Call = new()
            {
                Size = height is { } h && width is { } w ? new(w, h, frames ?? 1) : null,
                UsesTrainedShape = call.Get("use_resolution_binning", true),
                EmbeddedGuidance = isFlux ? scale : null,
                OriginalSize = Size(call, "original_size"),
                TargetSize = Size(call, "target_size"),
                Crop = call.Get<int[]>("crops_coords_top_left", [0, 0]) is [var top, var left] ? (top, left) : throw new NotKnownException("call: crops_coords_top_left is no pair."),
            },
        };
        call.RequireAllRead();
        return made;
    }

    private static PictureSize? Size(StoredConfig call, string key) => call.Get<int[]?>(key, null) switch
    {
        null => null,
        [var height, var width] => new(width, height),
        _ => throw new NotKnownException($"call: {key} is no pair."),
    };

    /// <summary>The pipeline compares steps with shares without rounding; the strategy rounds down.</summary>
    private static SkipLayerGuidance? Skip(StoredConfig call, int steps)
    {
        var (layers, scale) = (call.Get<int[]?>("skip_guidance_layers", null), call.Get("skip_layer_guidance_scale", 2.8));
        var (start, stop) = (call.Get("skip_layer_guidance_start", 0.01), call.Get("skip_layer_guidance_stop", 0.2));
        const double inside = 1e-6;
        return layers is null ? null : new(scale, Where.Blocks.OnlyBlocks(layers))
        {
            Start = start,
            Stop = Math.Min(1, (Math.Ceiling(steps * stop) + inside) / steps),
        };
    }
}
