using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Attention by its formula, at every site at once: the network goes on with it, whatever its memory order.</summary>
internal static class AttentionCheck
{
    private const string Tried = "attention by its formula";

    public static void Run(CheckedNetwork network, FindingList findings)
    {
        using var scope = NewDisposeScope();
        var hook = new Hook(findings);
        var call = network.Call(hook, network.Sites, HookPhase.Attention);
        foreach (var site in network.Sites.Where(s => Attends(s) && !hook.Sites.Contains(s) && call.Error is null))
        {
            findings.Fail(site, Tried, "e.Attend is not called with this site: a strategy on its attention would do nothing.");
        }

        if (call.Error is not null)
        {
            findings.Fail(call.At ?? network.Map.Network, Tried, call.Error, call.At, "What e.Attend returns may lie in memory in any order: use reshape, not view.");
        }
        else if (hook.Sites.Count > 0)
        {
            network.Compare(findings, network.Map.Network, Tried, call.Output!, "Sites that share what e.Attend returned, or that change it in place?");
        }
    }

    /// <summary>softmax(query·keyᵀ·scale + bias)·value, term by term.</summary>
    private static Tensor Formula(AttentionInput a)
    {
        var scores = a.Query.matmul(a.Key.transpose(-2, -1)).Times(a.Scale ?? 1 / Math.Sqrt(a.Query.size(3)));
        if (a.Bias is { } bias)
        {
            scores = bias.dtype == ScalarType.Bool ? scores.With(bias.logical_not(), double.NegativeInfinity) : scores.Plus(bias);
        }

        if (a.Causal)
        {
            var later = ones([scores.size(2), scores.size(3)], ScalarType.Bool, scores.device).triu(1);
            scores = scores.With(later, double.NegativeInfinity);
        }

        // A query that may see no key gives zeros.
        return scores.softmax(-1).nan_to_num(0).matmul(a.Value);
    }

    // Gated sites lie around the attention, cannot be asked for it, and need not be raised; opaque ones say that they cannot.
    private static bool Attends(Site site) =>
        site.Kind is SiteKind.SelfAttention or SiteKind.CrossAttention or SiteKind.TemporalAttention && (site.Traits & (SiteTraits.AfterGate | SiteTraits.Opaque)) == 0;

    /// <summary>Heads in the place of tokens: what is then attended over is heads, and the shapes fit all the same.</summary>
    private static string? Transposed(in SiteCall call, in AttentionInput a)
    {
        if (call.Layout is not { } layout)
        {
            return null;
        }

        // Over all, over a frame, over frames, over text, with and without the tokens that are no patches.
        var patches = (long)layout.Height * layout.Width;
        var image = patches * layout.Frames;
        long[] counts = [layout.Tokens, image, layout.Tokens + layout.TextLength, image + layout.TextLength, patches, patches + layout.SpecialPerFrame, layout.Frames, layout.TextLength];
        var (heads, tokens) = (a.Query.size(1), a.Query.size(2));
        return heads > 1 && counts.Contains(heads) && !counts.Contains(tokens)
            ? $"the queries are [{string.Join(", ", a.Query.shape)}], and the layout has {layout.Tokens} tokens: e.Attend takes [rows, heads, tokens, head_dim]. Transpose dimensions 1 and 2, and what it returns back."
            : null;
    }

    private sealed class Hook(FindingList findings) : Run, IAttentionHook
    {
        public HashSet<Site> Sites { get; } = [];

        public Tensor Attend(in SiteCall call, in AttentionInput input, AttentionNext next)
        {
            Sites.Add(call.Site);
            if (Transposed(call, input) is { } why)
            {
                findings.Fail(call.Site, "attention over tokens", why);
            }

            var formula = Formula(input);
            findings.Compare(call.Site, Tried, formula, next.Invoke(input), "Queries, keys and values must be finite.");
            return formula;
        }
    }
}
