namespace Acceleration.Onnx;

/// <summary>A usual input of exported networks.</summary>
/// <param name="What">What it is given.</param>
/// <param name="Fits">Whether a port of such a name has the type and rank for it.</param>
/// <param name="Names">What exporters call it, in lower case.</param>
internal sealed record InputForm(OnnxInput What, Func<Port, bool> Fits, params string[] Names)
{
    /// <summary>In the order in which they are looked for: a name that several know goes by its type and rank.</summary>
    public static IReadOnlyList<InputForm> All { get; } =
    [
        new(OnnxInput.Latents, p => p.IsFloat && p.Rank is 4 or 5, "sample", "latent", "latents", "latent_sample", "latent_model_input", "noisy_latents", "hidden_states", "input", "x", "img"),
        new(OnnxInput.PackedLatents, p => p.IsFloat && p.Rank == 3, "hidden_states", "img"),
        new(OnnxInput.Timestep, p => p.Rank <= 1 && (p.IsFloat || p.IsInteger), "timestep", "timesteps", "t", "time", "time_step", "noise_level", "sigma"),
        new(OnnxInput.Condition(ConditionNames.Text), p => p.IsFloat && p.Rank == 3, "encoder_hidden_states", "text", "prompt_embeds", "text_embeddings", "context", "txt", "caption_embeds"),
        new(OnnxInput.Condition(ConditionNames.TextMask), p => p.Rank == 2, "encoder_attention_mask", "text_mask", "attention_mask", "prompt_attention_mask"),
        new(OnnxInput.Condition(ConditionNames.Pooled), p => p.IsFloat && p.Rank == 2, "pooled_projections", "pooled_projection", "pooled", "text_embeds", "pooled_prompt_embeds", "vec", "y"),
        new(OnnxInput.Condition(ConditionNames.TimeIds), p => p.Rank == 2, "time_ids", "add_time_ids"),
        new(OnnxInput.Condition(ConditionNames.Labels), p => p.IsInteger && p.Rank == 1, "class_labels", "labels", "label", "class", "classes", "y"),
        new(OnnxInput.Condition(ConditionNames.Guidance), p => p.IsFloat && p.Rank <= 1, "guidance", "guidance_scale"),
        new(OnnxInput.Condition(ConditionNames.GuidanceEmbedding), p => p.IsFloat && p.Rank == 2, "timestep_cond"),
        new(OnnxInput.Condition(ConditionNames.Resolution), p => p.IsFloat && p.Rank == 2, "resolution"),
        new(OnnxInput.Condition(ConditionNames.AspectRatio), p => p.IsFloat && p.Rank == 2, "aspect_ratio"),
        new(OnnxInput.ImagePlaces, p => p.Rank is 2 or 3, "img_ids"),
        new(OnnxInput.TextPlaces, p => p.Rank is 2 or 3, "txt_ids"),
    ];

    /// <summary>What is left over where only one form is: the names of these differ most.</summary>
    public static IReadOnlyList<InputForm> ByFormAlone { get; } =
    [
        new(OnnxInput.Latents, p => p.IsFloat && p.Rank is 4 or 5),
        new(OnnxInput.Timestep, p => p.Rank <= 1 && p.Name.Contains("time", StringComparison.OrdinalIgnoreCase)),
        new(OnnxInput.Condition(ConditionNames.Labels), p => p.IsInteger && p.Rank == 1),
        new(OnnxInput.Timestep, p => p.IsFloat && p.Rank <= 1),
        new(OnnxInput.Condition(ConditionNames.Text), p => p.IsFloat && p.Rank == 3),
    ];
}
