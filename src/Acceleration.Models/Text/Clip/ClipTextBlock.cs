namespace Acceleration.Models;

/// <summary>The layers of one block.</summary>
/// <param name="AttentionNorm">Before attention.</param>
/// <param name="Qkv">Queries, keys and values in one.</param>
/// <param name="Projection">Behind attention.</param>
/// <param name="FeedForwardNorm">Before the feed-forward part.</param>
/// <param name="Up">Its first layer.</param>
/// <param name="Down">Its second.</param>
internal sealed record ClipTextBlock(LayerNorm AttentionNorm, Linear Qkv, Linear Projection, LayerNorm FeedForwardNorm, Linear Up, Linear Down);
