using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One call of a Latte: everything that its blocks need.</summary>
/// <param name="Network">Layers and sizes.</param>
/// <param name="Blocks">The blocks that run.</param>
/// <param name="Sites">Their sites.</param>
/// <param name="Layout">How the tokens lie.</param>
/// <param name="Modulation">[rows, parts, 1, width].</param>
/// <param name="Text">[rows, text tokens, width], or null where it is not read.</param>
/// <param name="Mask">[rows, 1, 1, text tokens], or null.</param>
internal sealed record LatteCall(LatteNetwork Network, IReadOnlyList<LatteBlock> Blocks, LatteSites Sites, TokenLayout Layout, Tensor Modulation, Tensor? Text, Tensor? Mask);

/// <summary>One block of one call.</summary>
/// <param name="Call">The call.</param>
/// <param name="Index">Which block.</param>
internal readonly record struct LatteBlockCall(LatteCall Call, int Index) : IAdaLnBlock<LatteBlockCall>
{
    public LatteNetwork Network => Call.Network;

    public LatteBlock Block => Call.Blocks[Index];

    public LayerNorm AttentionNorm => Block.AttentionNorm;

    public LayerNorm FeedForwardNorm => Block.FeedForwardNorm;

    public TransformerFeedForward FeedForward => Block.FeedForward;

    public AdaLnSites Sites => Call.Sites.Blocks[Index];

    public ScalarType Residual => Network.Residual;

    public int Frames => Call.Layout.Frames;

    public Tensor Part(int part, Evaluation e) => e.ForRows(Call.Modulation.select(1, Block.Part + part));

    public static Tensor Attend(Tensor h, LatteBlockCall s, Evaluation e) => LatteForward.OverTime(h, s, e);
}
