namespace Acceleration.Onnx;

/// <summary>What the networks of Acceleration.Models call these conditions, so that one request serves both.</summary>
internal static class ConditionNames
{
    public const string Labels = "labels";
    public const string Text = "text";
    public const string TextMask = "text_mask";
    public const string Pooled = "pooled";
    public const string TimeIds = "time_ids";
    public const string Guidance = "guidance";
    public const string GuidanceEmbedding = "guidance_embedding";
    public const string Resolution = "resolution";
    public const string AspectRatio = "aspect_ratio";
}
