using static TorchSharp.torch;

namespace Acceleration.Tests.Docs;

/// <summary>The code of docs/architecture.md: the four ways in which a network raises a site.</summary>
internal static class ArchitectureCode
{
    /// <summary>Values of <paramref name="h"/>, [rows, heads, tokens, head_dim], after a site and two blocks, and its attention with itself.</summary>
    public static (Tensor H, Tensor A) Run(Value h, double state)
    {
        var sites = new SiteMap(new CostModel(0, 1));
        var chain = sites.AddChain("blocks", 2, new CostModel(0, 1));
        var site = sites.Add(SiteKind.FeedForward, "ff", SiteTraits.ShapePreserving | SiteTraits.TokenWise, new CostModel(0, 1));
        var attention = sites.Add(SiteKind.SelfAttention, "attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, new CostModel(0, 1));
        var signal = Signal.ModulatedInput;
        var e = Evaluation.Plain((int)h.Main.size(0));
        var (q, k, v) = (h.Main, h.Main, h.Main);
        Tensor a;

        h = e.At(site, h, state, body, prepare, drop);   // a block, an attention, a feed-forward, a UNet cut
        h = e.Chain(chain, h, state, block);             // a run of blocks; strategies choose ranges inside
        a = e.Attend(attention, new(q, k, v));           // [rows, heads, tokens, head_dim]
        e.Publish(signal, h, state, value);              // computed only when a strategy decides on it
        return (h.Main, a);

        static Value body(Value h, double factor, Evaluation e) => h.Main * factor;
        static Value prepare(Value h, double factor, Evaluation e) => h.Main + 1;
        static Value drop(Value h, double factor, Evaluation e) => throw new InvalidOperationException("Nothing is dropped here.");
        static Value block(Value h, int index, double factor, Evaluation e) => h.Main + index;
        static Tensor value(Value h, double factor, Evaluation e) => throw new InvalidOperationException("Nobody decides on it here.");
    }
}
