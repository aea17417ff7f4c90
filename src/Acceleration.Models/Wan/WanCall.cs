using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One call of a Wan: everything that its blocks need.</summary>
/// <param name="Network">Layers and sizes.</param>
/// <param name="Sites">Its sites.</param>
/// <param name="Modulation">Shifts, scales and gates.</param>
/// <param name="Turns">[tokens, head_dim/2]: rotary positions.</param>
/// <param name="Text">[rows, text tokens, width].</param>
/// <param name="Image">[rows, image tokens, width], or null.</param>
internal sealed record WanCall(WanNetwork Network, WanSites Sites, WanModulation Modulation, Tensor Turns, Tensor Text, Tensor? Image);

/// <summary>One block of one call.</summary>
/// <param name="Call">The call.</param>
/// <param name="Index">Which block.</param>
internal readonly record struct WanBlockCall(WanCall Call, int Index) : IAdaLnBlock<WanBlockCall>
{
    public WanNetwork Network => Call.Network;

    public WanBlock Block => Call.Network.Blocks[Index];

    public LayerNorm AttentionNorm => Network.Norm;

    public LayerNorm FeedForwardNorm => Network.Norm;

    public TransformerFeedForward FeedForward => Block.FeedForward;

    public AdaLnSites Sites => Call.Sites.Blocks[Index];

    public ScalarType Residual => Network.Residual;

    /// <summary>A part of this block's modulation for the rows and tokens of <paramref name="e"/>.</summary>
    public Tensor Part(int part, Evaluation e) => Call.Modulation.Part(Index, part, e);

    public static Tensor Attend(Tensor h, WanBlockCall s, Evaluation e) => WanForward.Attention(h, s, e);
}
