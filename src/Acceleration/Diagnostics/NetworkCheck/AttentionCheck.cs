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

    // Gated sites lie around the attention, cannot be asked for it, and need not be raised.
    private static bool Attends(Site site) =>
        site.Kind is SiteKind.SelfAttention or SiteKind.CrossAttention or SiteKind.TemporalAttention && !site.Traits.HasFlag(SiteTraits.AfterGate);

    private sealed class Hook(FindingList findings) : Run, IAttentionHook
    {
        public HashSet<Site> Sites { get; } = [];

        public Tensor Attend(in SiteCall call, in AttentionInput input, AttentionNext next)
        {
            Sites.Add(call.Site);
            var formula = Formula(input);
            findings.Compare(call.Site, Tried, formula, next.Invoke(input), "Queries, keys and values must be finite.");
            return formula;
        }
    }
}
