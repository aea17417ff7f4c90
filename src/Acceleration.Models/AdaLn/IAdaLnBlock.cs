using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One block in one call, whose norms take their shift and scale, and whose parts their gate, from time and condition (adaLN; Peebles and Xie, arXiv:2212.09748).</summary>
/// <typeparam name="TSelf">What a family's bodies are given.</typeparam>
internal interface IAdaLnBlock<TSelf>
    where TSelf : struct, IAdaLnBlock<TSelf>
{
    /// <summary>In front of self-attention.</summary>
    LayerNorm AttentionNorm { get; }

    /// <summary>In front of the feed-forward part.</summary>
    LayerNorm FeedForwardNorm { get; }

    /// <summary>The feed-forward part.</summary>
    TransformerFeedForward FeedForward { get; }

    /// <summary>Its sites.</summary>
    AdaLnSites Sites { get; }

    /// <summary>Type of the residual stream.</summary>
    ScalarType Residual { get; }

    /// <summary>A part of its modulation for the rows of an evaluation, [rows, 1, width]: shift, scale (whose 1 is added) and gate of the attention, then of the feed-forward part.</summary>
    Tensor Part(int part, Evaluation e);

    /// <summary>Self-attention of tokens that are normalised and modulated, with the projection after it.</summary>
    /// <param name="h">[rows, tokens, width].</param>
    /// <param name="s">The block.</param>
    /// <param name="e">The evaluation.</param>
    /// <returns>[rows, tokens, width], in the type of the residual stream.</returns>
    static abstract Tensor Attend(Tensor h, TSelf s, Evaluation e);
}
