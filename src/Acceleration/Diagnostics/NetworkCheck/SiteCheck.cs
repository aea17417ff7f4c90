using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Everything that strategies may do at one site, done to it.</summary>
internal sealed class SiteCheck(CheckedNetwork network, Site site, FindingList findings)
{
    private const string PassedOn = "passed on";
    private const string Skipped = "skipped";

    // Sums of multiply-adds are rounded.
    private const double Rounding = 1e-9;

    private string? _shapes;
    private bool _tokensWork;

    public void Run()
    {
        if (!PassOn())
        {
            return;
        }

        if (site.Traits.HasFlag(SiteTraits.TokenWise))
        {
            Parts("computed by tokens", HookPhase.Tokens, InTokensPhase);
        }

        else if (site.Kind is SiteKind.Block or SiteKind.SelfAttention or SiteKind.CrossAttention or SiteKind.FeedForward && (site.Kind == SiteKind.Block || site.Traits.HasFlag(SiteTraits.TokenMixing)))
        {
            Parts("run on some tokens", HookPhase.Tokens, OnSomeTokens);
        }

        Parts("computed in parts", HookPhase.Cache, InCachePhase);
        if (site.Kind != SiteKind.Chain)
        {
            Parts("computed in slices", HookPhase.Slice, static (tries, h, whole) => tries.Pieces(h, whole));
        }

        Skip();
    }

    /// <summary>A hook that only looks on: the site is raised once, changes nothing in place, and its costs cancel.</summary>
    private bool PassOn()
    {
        using var scope = NewDisposeScope();
        var raised = 0;
        var kept = new List<(string What, KeptValue Value)>();
        try
        {
            var call = Call(HookPhase.Cache, (_, h, body) =>
            {
                raised++;
                kept.Add(("what it is given", new(h)));
                var result = body.Whole(h);
                kept.Add(("what it returns", new(result)));
                _shapes = Difference.Name(result);
                RequireTraits(h, result);
                return result;
            });
            if (call.Error is null)
            {
                findings.Require(site, "raised once", raised == 1, raised == 0
                    ? "declared in Info.Sites, but the network does not raise it."
                    : $"raised {raised} times in one call: what a strategy remembers of one would be taken for the other. Give each place a site of its own.");
            }

            if (!Finished(call, PassedOn) || raised != 1)
            {
                return false;
            }

            network.Compare(findings, site, PassedOn, call.Output!, "A hook that only passes on must change nothing.");
            RequireCost(PassedOn, call.MultiplyAdds, network.Full);
            var changed = kept.Where(k => k.Value.Changed).Select(k => k.What).ToArray();
            findings.Require(site, "unchanged in place", changed.Length == 0, $"{string.Join(" and ", changed)} is changed in place: a cache may hold the same memory. Compute into a new tensor.");
            return true;
        }
        finally
        {
            kept.ForEach(k => k.Value.Dispose());
        }
    }

    private void RequireTraits(Value h, Value result)
    {
        if (site.Traits.HasFlag(SiteTraits.ShapePreserving) && Difference.OfShapes(result, h) is { } shapes)
        {
            findings.Fail(site, "traits", $"declared ShapePreserving, but {shapes}.");
        }

        if (site.Traits.HasFlag(SiteTraits.TokenWise) && h.Main.ndim != 3)
        {
            findings.Fail(site, "traits", $"declared TokenWise, but its input {Difference.Name(h)} is not [rows, tokens, width].");
        }
    }

    private void Parts(string tried, HookPhase phase, Func<SiteTries, Value, Value, Value?> parts)
    {
        using var scope = NewDisposeScope();
        var expected = network.Full;
        Value? made = null;
        var call = Call(phase, (at, h, body) =>
        {
            // Once as a whole, and once in all its parts.
            expected += at.Evaluation.Cost(site, h);

            // A body that changes its input in place has been found out: it gets copies.
            var whole = body.Whole(h.Map(static t => t.clone()));
            made = parts(new(at, body, findings), h, whole);
            return made ?? whole;
        });
        if (Finished(call, tried))
        {
            if (phase == HookPhase.Slice && made is not null)
            {
                RequireCost(tried, call.MultiplyAdds, expected);
            }

            network.Compare(findings, site, tried, call.Output!, "The site's parts are right, but the network goes on differently: its body leaves something behind that is read later.");
        }
    }

    private Value? InCachePhase(SiteTries tries, Value h, Value whole)
    {
        tries.Again(h, whole);
        if (site.Kind == SiteKind.Chain)
        {
            tries.Ranges(h, whole);
            tries.RangesOfRows(h, whole);
        }

        if (_tokensWork)
        {
            tries.SomeTokens(h, whole, "tokens with their preparation");
        }

        return tries.SomeRows(h, whole);
    }

    private Value? InTokensPhase(SiteTries tries, Value h, Value whole)
    {
        if (h.Main.ndim == 3)
        {
            _tokensWork = tries.SomeTokens(h, whole) & tries.TokensOfEachRow(h, whole);
        }

        return null;
    }

    /// <summary>What mixes tokens is run on some of them by token methods, where they are the layout's. A block that does not say that it can need not: then they had better leave it alone.</summary>
    private Value? OnSomeTokens(SiteTries tries, Value h, Value whole)
    {
        if (h.Main.ndim == 3 && h.Main.size(1) == tries.Tokens)
        {
            if (site.Traits.HasFlag(SiteTraits.TokenMixing))
            {
                tries.MixedTokens(h, whole);
            }
            else if (tries.Apart() is var (apart, list) && !apart.MixedTokens(h, whole))
            {
                findings.Note($"{site}: cannot be run on some tokens ({list.All.First(f => !f.Passed).Message}) SadaTokens does so with every block.");
            }
        }

        return null;
    }

    private void Skip()
    {
        using var scope = NewDisposeScope();
        var expected = network.Full;
        var call = Call(HookPhase.Cache, (at, h, body) =>
        {
            expected -= at.Evaluation.Cost(site, h);
            var result = body.Skip(h);
            if (Difference.Name(result) != _shapes)
            {
                findings.Fail(site, Skipped, $"drop: returns {Difference.Name(result)}, the body {_shapes}: a strategy may skip some rows and compute others.");
            }

            return result;
        });
        if (Finished(call, Skipped, "Say in drop: what skipping means, in the shape that the body returns."))
        {
            findings.Pass(site, Skipped);
            RequireCost(Skipped, call.MultiplyAdds, expected);
        }
    }

    private CheckedCall Call(HookPhase phase, Func<SiteCall, Value, CheckedBody, Value> hook) => network.Call(new CheckHook(hook), [site], phase);

    private bool Finished(CheckedCall call, string tried, string hint = "")
    {
        if (call.Error is not null)
        {
            findings.Fail(site, tried, call.Error, call.At, hint);
        }

        return call.Error is null;
    }

    private void RequireCost(string tried, double actual, double expected)
    {
        var margin = Rounding * Math.Max(1, network.Full);
        findings.Require(site, tried + ": multiply-adds", Math.Abs(actual - expected) <= margin && actual >= -margin, actual < -margin
            ? FormattableString.Invariant($"{actual:g6} would be left of the network's {network.Full:g6}: the site's CostModel says more than the network's.")
            : FormattableString.Invariant($"{actual:g6} are counted, expected {expected:g6}: the token layout changes between the site and its body."));
    }
}
