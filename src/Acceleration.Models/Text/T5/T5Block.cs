using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of one block.</summary>
/// <param name="AttentionNorm">Before attention.</param>
/// <param name="Qkv">Queries, keys and values in one.</param>
/// <param name="Projection">Behind attention.</param>
/// <param name="Positions">[buckets, heads]; null where an earlier block's serves.</param>
/// <param name="FeedForwardNorm">Before the feed-forward part.</param>
/// <param name="Up">Its first layer, an activation behind it.</param>
/// <param name="Gate">What the activated values are multiplied by; null where they are not.</param>
/// <param name="Down">Its last layer.</param>
internal sealed record T5Block(RmsNorm AttentionNorm, Linear Qkv, Linear Projection, Tensor? Positions, RmsNorm FeedForwardNorm, Linear Up, Linear? Gate, Linear Down);
