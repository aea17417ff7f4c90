using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One block of one call: x + gate·attention(x), then x + gate·feed-forward(x).</summary>
/// <param name="Network">Layers and sizes.</param>
/// <param name="Index">Which block.</param>
/// <param name="Modulation">[rows, parts, 1, width] of the whole call.</param>
internal readonly record struct DiTBlockCall(DiTNetwork Network, int Index, Tensor Modulation) : IAdaLnBlock<DiTBlockCall>
{
    public LayerNorm AttentionNorm => Network.AttentionNorm;

    public LayerNorm FeedForwardNorm => Network.FeedForwardNorm;

    public TransformerFeedForward FeedForward => Network.Blocks[Index].FeedForward;

    public AdaLnSites Sites => Network.Sites.Blocks[Index];

    public ScalarType Residual => Network.Residual;

    public Tensor Part(int part, Evaluation e)
    {
        var at = DiTConditioner.OutputParts + (Index * DiTConditioner.BlockParts) + part;
        return e.ForRows(Modulation.select(1, at));
    }

    public static Tensor Attend(Tensor h, DiTBlockCall s, Evaluation e) => s.Network.Blocks[s.Index].Attention.Apply(h, s.Sites.Attention, e, s.Residual);

    /// <summary>The forward pass.</summary>
    public Value Run(Value h, Evaluation e)
    {
        using var middle = AdaLnForward.Attention(h.Main, this, e);
        return AdaLnForward.FeedForward(middle, this, e);
    }
}
