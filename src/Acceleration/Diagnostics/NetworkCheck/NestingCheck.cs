using static TorchSharp.torch;

namespace Acceleration;

/// <summary>All sites hooked at once, so that what lies in what comes to light.</summary>
internal static class NestingCheck
{
    private const double Rounding = 1e-9;

    /// <summary>What lies in a site costs no more than the site, and all sites no more than the network.</summary>
    public static void Costs(CheckedNetwork network, FindingList findings)
    {
        const string Tried = "costs of what lies inside";
        using var scope = NewDisposeScope();
        var inside = new Stack<double>([0]);
        var call = network.Call(
            new CheckHook((at, h, body) =>
            {
                var cost = at.Evaluation.Cost(at.Site, h);
                inside.Push(inside.Pop() + cost);
                inside.Push(0);
                var result = body.Whole(h);
                RequireFit(at.Site, inside.Pop(), cost);
                return result;
            }),
            network.Sites,
            HookPhase.Cache);
        var top = network.Map.Network;
        if (call.Error is not null)
        {
            findings.Fail(top, Tried, call.Error, call.At);
            return;
        }

        RequireFit(top, inside.Pop(), network.Full);
        findings.Require(
            top,
            "multiply-adds with all sites hooked",
            Math.Abs(call.MultiplyAdds - network.Full) <= Rounding * Math.Max(1, network.Full),
            FormattableString.Invariant($"{call.MultiplyAdds:g6} are counted, expected {network.Full:g6}."));

        void RequireFit(Site site, double sum, double cost) => findings.Require(
            site, Tried, sum <= cost + (Rounding * Math.Max(1, network.Full)), FormattableString.Invariant($"sites inside say {sum:g6} multiply-adds, it says {cost:g6}: a CostModel counts everything inside, for the tokens of the layout where its site is raised."));
    }

    /// <summary>Every site halves its rows: inner sites meet evaluations that are narrowed already.</summary>
    public static void Rows(CheckedNetwork network, FindingList findings)
    {
        const string Tried = "rows halved at every site";
        const string Hint = "Read per-row inputs through e.ForRows(x) of the innermost evaluation, as they were made for the whole call.";
        using var scope = NewDisposeScope();
        var call = network.Call(
            new CheckHook(static (at, h, body) => at.Rows.Count == 1 ? body.Whole(h) : Value.Concat([.. Halves(at.Rows.Count).Select(half => body.Rows(h, half))])),
            network.Sites,
            HookPhase.Cache);
        if (call.Error is not null)
        {
            findings.Fail(call.At ?? network.Map.Network, Tried, call.Error, call.At, Hint);
        }
        else
        {
            network.Compare(findings, network.Map.Network, Tried, call.Output!, Hint);
        }
    }

    private static int[][] Halves(int rows) => [[.. Enumerable.Range(0, rows / 2)], [.. Enumerable.Range(rows / 2, rows - (rows / 2))]];
}
