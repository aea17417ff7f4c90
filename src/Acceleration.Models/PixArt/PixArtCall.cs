using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One block of one call: x + gate·attention(x), then x + attention(x, text), then x + gate·feed-forward(x).</summary>
/// <param name="Network">Layers and sizes.</param>
/// <param name="Index">Which block.</param>
/// <param name="Modulation">[rows, parts, 1, width] of the whole call.</param>
/// <param name="Text">[rows, text tokens, width].</param>
/// <param name="Bias">[rows, 1, 1, text tokens], added to scores; null where all tokens count.</param>
internal readonly record struct PixArtCall(PixArtNetwork Network, int Index, Tensor Modulation, Tensor Text, Tensor? Bias) : IAdaLnBlock<PixArtCall>
{
    public PixArtBlock Block => Network.Blocks[Index];

    public LayerNorm AttentionNorm => Block.AttentionNorm;

    public LayerNorm FeedForwardNorm => Block.FeedForwardNorm;

    public TransformerFeedForward FeedForward => Block.FeedForward;

    public AdaLnSites Sites => Network.Sites.Blocks[Index];

    public ScalarType Residual => Network.Residual;

    public Tensor Part(int part, Evaluation e) => e.ForRows(Modulation.select(1, (Index * PixArtConditioner.BlockParts) + part));

    public static Tensor Attend(Tensor h, PixArtCall s, Evaluation e) => s.Block.Attention.Apply(h, s.Sites.Attention, e, s.Residual);

    /// <summary>The forward pass.</summary>
    public Value Run(Value h, Evaluation e)
    {
        var cross = Sites.Cross!;
        var first = AdaLnForward.Attention(h.Main, this, e);
        var looked = e.At(cross, first, this, static (h, s, e) => s.Block.Cross.Apply(h.Main, s.Text, s.Bias, s.Sites.Cross!, e, s.Residual)).Main;
        var second = e.IsHooked(cross) ? looked.Plus(first) : looked.Increase(first);
        first.Dispose();
        using (second)
        {
            return AdaLnForward.FeedForward(second, this, e);
        }
    }
}
