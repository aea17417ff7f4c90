namespace Acceleration;

/// <summary>What networks call the conditions that they read: those of Acceleration.Models, and ONNX models, so that one request serves both.</summary>
public static class ConditionNames
{
    /// <summary>Class labels, int64 [rows].</summary>
    public const string Labels = "labels";

    /// <summary>Encoded text, [rows, tokens, width] (<c>encoder_hidden_states</c>).</summary>
    public const string Text = "text";

    /// <summary>Which tokens of the text count, [rows, tokens]: true, or 1, for those that do (<c>encoder_attention_mask</c>).</summary>
    public const string TextMask = "text_mask";

    /// <summary>One vector for the whole text, [rows, width] (<c>pooled_projections</c>, <c>text_embeds</c>).</summary>
    public const string Pooled = "pooled";

    /// <summary>Original size, crop and target size of SDXL, [rows, 6]: height and width, top and left, height and width.</summary>
    public const string TimeIds = "time_ids";

    /// <summary>The embedded guidance scale of distilled networks, [rows].</summary>
    public const string Guidance = "guidance";

    /// <summary>The embedded guidance scale of latent consistency models as sinusoids, [rows, width] (<c>timestep_cond</c>).</summary>
    public const string GuidanceEmbedding = "guidance_embedding";

    /// <summary>Height and width of the picture in pixels, [rows, 2].</summary>
    public const string Resolution = "resolution";

    /// <summary>Height divided by width, [rows, 1].</summary>
    public const string AspectRatio = "aspect_ratio";

    /// <summary>Encoded first frame, [rows, tokens, width] (<c>encoder_hidden_states_image</c>).</summary>
    public const string Image = "image";

    /// <summary>Latents that are put beside the noisy ones along the channels, [rows, channels, ...]: the first frame and its mask, or an inpainting mask and picture.</summary>
    public const string ImageLatents = "image_latents";

    /// <summary>How strongly the given first frame was noised, [rows] (<c>ofs</c>).</summary>
    public const string Offset = "offset";

    /// <summary>Rotary positions of the video's tokens that a caller has made itself, [1, tokens, head_dim]: the cosines of all pairs, then their sines (<c>image_rotary_emb</c>).</summary>
    public const string Rotary = "rotary";

    /// <summary>What a robot observes, [rows, steps, width] or [rows, width].</summary>
    public const string Observation = "observation";

    /// <summary>What a robot observes at the moment of each action, [rows, horizon, width].</summary>
    public const string LocalObservation = "local_observation";
}
