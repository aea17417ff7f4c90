namespace Acceleration;

/// <summary>Whether strategies can work together on a network.</summary>
internal static class Compatibility
{
    public static void Check(IReadOnlyList<IStrategy> strategies, RunInfo info)
    {
        foreach (var strategy in strategies)
        {
            CheckAlone(strategy, info);
        }

        CheckNetworks(strategies);
        for (var i = 0; i < strategies.Count; i++)
        {
            for (var j = i + 1; j < strategies.Count; j++)
            {
                CheckPair(strategies[i], strategies[j], info.Network.Sites);
            }
        }
    }

    private static void CheckAlone(IStrategy strategy, RunInfo info)
    {
        var needs = strategy.Needs;
        foreach (var claim in needs.Sites)
        {
            if (!claim.IsOptional && !info.Network.Sites.All.Any(claim.Where.Matches))
            {
                throw new StrategyConflictException(
                    $"{Shown(strategy)} works at '{PlanException.Shorten(claim.Where.Tag)}', but {info.Network.Name} has no such site. Its sites: {Names(info.Network.Sites, claim.Where)}.{SiteHint.For(info.Network.Sites, claim.Where)}{(info.Network.Sites.Remedy is { } remedy ? $" {remedy}" : "")}", strategy);
            }

            RequireOpen(strategy, claim, info.Network);
        }

        if (needs.Signals.Except(info.Network.Signals).ToArray() is [var missing, ..])
        {
            throw new StrategyConflictException(
                $"{Shown(strategy)} decides on the signal {missing}, which {info.Network.Name} does not publish. It publishes: {(info.Network.Signals.Count == 0 ? "none" : string.Join(", ", info.Network.Signals))}.", strategy);
        }

        if (needs.UnconditionalBranch && !info.Network.HasUnconditional)
        {
            throw new StrategyConflictException(
                $"{Shown(strategy)} needs an unconditional branch, but {info.Network.Name} has none (unconditional, or distilled guidance). Use it without guidance.", strategy);
        }

        if (needs.Refuse?.Invoke(info) is { } reason)
        {
            throw new StrategyConflictException($"{Shown(strategy)} cannot run on {info.Network.Name}: {reason}", strategy);
        }
    }

    /// <summary>What another runtime's graph computes can be skipped, or run on some rows: neither its attention nor its tokens can be reached.</summary>
    private static void RequireOpen(IStrategy strategy, SiteClaim claim, DenoiserInfo network)
    {
        var claimed = network.Sites.All.Where(claim.Where.Matches).ToArray();
        var shut = network.Sites.All.Where(s => s.Traits.HasFlag(SiteTraits.Opaque)).ToArray();
        if (claim.Phase is HookPhase.Attention or HookPhase.BranchAttention && claimed is not [] && claimed.All(shut.Contains))
        {
            throw new StrategyConflictException(
                $"{Shown(strategy)} works on the attention itself at '{PlanException.Shorten(claim.Where.Tag)}', which {network.Name} computes where nothing reaches into it: attention there can be skipped, not changed.", strategy);
        }

        // A block that holds such a part hands all of its tokens to it.
        if (claim.Phase == HookPhase.Tokens && claimed.Any(s => shut.Any(o => o == s || o.Path.StartsWith(s.Path + ".", StringComparison.Ordinal))))
        {
            throw new StrategyConflictException(
                $"{Shown(strategy)} leaves tokens out at '{PlanException.Shorten(claim.Where.Tag)}', which {network.Name} computes where nothing reaches into it: parts there can be skipped, not run on some tokens.", strategy);
        }
    }

    /// <summary>What is asked of a network of a branch, and what is brought, must meet.</summary>
    private static void CheckNetworks(IReadOnlyList<IStrategy> strategies)
    {
        foreach (var strategy in strategies)
        {
            var needs = strategy.Needs;
            if (needs.NeedsNetworkOf is { } wanted && !strategies.Any(s => s.Needs.NetworkOf == wanted))
            {
                throw new StrategyConflictException(
                    $"{Shown(strategy)} needs another network for the branch '{Branch.Name(wanted)}': add .{nameof(SamplerBuilder.NetworkOf)}({Branch.Code(wanted)}, network), or let it leave layers of this one out.", strategy);
            }

            if (needs.NetworkOf is { } brought && !strategies.Any(s => s.Needs.OwnBranches.Contains(brought) || (brought == Branch.Unconditional && s.Needs.UnconditionalBranch)))
            {
                throw new StrategyConflictException($"{Shown(strategy)} brings a network for the branch '{Branch.Name(brought)}', which no strategy asks for: nothing would run it.", strategy);
            }
        }
    }

    private static void CheckPair(IStrategy a, IStrategy b, SiteMap sites)
    {
        if (a.Needs.CombinesBranches && b.Needs.CombinesBranches)
        {
            throw new StrategyConflictException($"{Shown(a)} and {Shown(b)} both combine the guidance branches; keep one.", a, b);
        }

        if (a.Needs.ChoosesBranches && b.Needs.ChoosesBranches)
        {
            throw new StrategyConflictException($"{Shown(a)} and {Shown(b)} both decide which guidance branches are evaluated; keep one.", a, b);
        }

        if (a.Needs.OwnBranches.Intersect(b.Needs.OwnBranches).Take(1).ToArray() is [var shared])
        {
            throw new StrategyConflictException($"{Shown(a)} and {Shown(b)} both have the branch '{Branch.Name(shared)}' for their own; keep one.", a, b);
        }

        if (a.GetType() == b.GetType() && a.Needs.ChangesGuidance && !a.Needs.MayRepeat)
        {
            throw new StrategyConflictException($"{Shown(a)} and {Shown(b)} both change the guided prediction in the same way ({a.GetType().Name}); keep one.", a, b);
        }

        if ((a.Needs.NetworkOf ?? b.Needs.NetworkOf) is { } branch)
        {
            CheckNetworkOf(branch, a, b);
        }

        foreach (var mine in a.Needs.Sites)
        {
            foreach (var theirs in b.Needs.Sites)
            {
                // The ranges of a chain are chosen by one strategy: phases are for what happens around a body.
                if (sites.All.FirstOrDefault(s => ((mine.Phase == theirs.Phase && !mine.IsBranch) || s.Kind == SiteKind.Chain) && mine.Where.Matches(s) && theirs.Where.Matches(s)) is { } site)
                {
                    var place = site.Kind == SiteKind.Chain ? $"at the chain '{site}'" : $"in the {mine.Phase.ToString().ToLowerInvariant()} phase of the site '{site}'";
                    throw new StrategyConflictException(
                        $"{Shown(a)} and {Shown(b)} both work {place}: only one can decide there. Keep one, or give one of them another place.", a, b);
                }
            }
        }
    }

    private static void CheckNetworkOf(int branch, IStrategy a, IStrategy b)
    {
        if (a.Needs.NetworkOf == b.Needs.NetworkOf)
        {
            throw new StrategyConflictException($"{Shown(a)} and {Shown(b)} both bring a network for the branch '{Branch.Name(branch)}'; keep one.", a, b);
        }

        if (new[] { a, b }.FirstOrDefault(s => s.Needs.OwnBranches.Contains(branch) && s.Needs.Sites.Any(c => c.IsBranch)) is { } changing)
        {
            throw new StrategyConflictException(
                $"{Shown(changing)} changes sites of this network for the branch '{Branch.Name(branch)}', which {Shown(changing == a ? b : a)} has run by another network: the change would do nothing. Keep one.", a, b);
        }
    }

    // A plan may come from elsewhere, and with it a tag of any length.
    private static string Shown(IStrategy strategy) => PlanException.Shorten(strategy.Tag);

    /// <summary>Paths where a path was asked for, else kinds.</summary>
    private static string Names(SiteMap sites, Where asked) =>
        asked.IsPath ? string.Join(", ", sites.All) : string.Join(", ", sites.All.GroupBy(s => s.Kind).Select(g => g.Count() == 1 ? g.First().Path : $"{g.Count()} × {g.Key}"));
}
