using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The forward pass of the two parts that every block of adaptive layer norms has: x + gate·part(norm(x)·scale + shift).</summary>
internal static class AdaLnForward
{
    /// <summary>The part of a block's modulation that scales its attention into the stream.</summary>
    public const int AttentionGate = 2;

    // The others; scales have their 1 added when the weights are loaded.
    private const int AttentionShift = 0;
    private const int AttentionScale = 1;
    private const int FeedForwardShift = 3;
    private const int FeedForwardScale = 4;
    private const int FeedForwardGate = 5;

    /// <summary>x + gate·attention(x); <paramref name="x"/> stays as it is.</summary>
    public static Tensor Attention<T>(Tensor x, T s, Evaluation e)
        where T : struct, IAdaLnBlock<T>
    {
        var (site, gated) = (s.Sites.Attention, s.Sites.GatedAttention);
        return e.IsHooked(gated)
            ? x.Plus(e.At(gated, x, s, static (h, s, e) => Attended(h, s, e) * s.Part(AttentionGate, e)).Main)
            : Gated.Add(x, Attended(x, s, e), s.Part(AttentionGate, e), e.IsHooked(site));
    }

    /// <summary>x + gate·feed-forward(x); <paramref name="x"/> stays as it is.</summary>
    public static Tensor FeedForward<T>(Tensor x, T s, Evaluation e)
        where T : struct, IAdaLnBlock<T>
    {
        var (site, gated) = (s.Sites.FeedForward, s.Sites.GatedFeedForward);
        return e.IsHooked(gated)
            ? x.Plus(e.At(gated, x, s, static (h, s, e) => Fed(h, s, e) * s.Part(FeedForwardGate, e)).Main)
            : Gated.Add(x, Fed(x, s, e), s.Part(FeedForwardGate, e), e.IsHooked(site));
    }

    /// <summary>The normalised and modulated input of a block's attention.</summary>
    public static Tensor AttentionInput<T>(Tensor x, T s, Evaluation e)
        where T : struct, IAdaLnBlock<T> => s.AttentionNorm.Modulated(x, s.Part(AttentionShift, e), s.Part(AttentionScale, e));

    private static Tensor Attended<T>(Value h, T s, Evaluation e)
        where T : struct, IAdaLnBlock<T> => e.At(s.Sites.Attention, h, s, static (h, s, e) => T.Attend(h.Main, s, e), static (h, s, e) => AttentionInput(h.Main, s, e)).Main;

    private static Tensor Fed<T>(Value h, T s, Evaluation e)
        where T : struct, IAdaLnBlock<T> => e.At(s.Sites.FeedForward, h, s, static (h, s, _) => FeedForwardBody(h.Main, s), static (h, s, e) => FeedForwardInput(h.Main, s, e)).Main;

    private static Tensor FeedForwardInput<T>(Tensor x, T s, Evaluation e)
        where T : struct, IAdaLnBlock<T> => s.FeedForwardNorm.Modulated(x, s.Part(FeedForwardShift, e), s.Part(FeedForwardScale, e));

    private static Tensor FeedForwardBody<T>(Tensor x, T s)
        where T : struct, IAdaLnBlock<T>
    {
        using var scope = NewDisposeScope();
        return s.FeedForward.Apply(x).InType(s.Residual).MoveToOuterDisposeScope();
    }
}
