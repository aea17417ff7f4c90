using static System.FormattableString;

namespace Acceleration.Reporting;

/// <summary>What maps say, in sentences.</summary>
public static class CombinationFindings
{
    /// <summary>The best cell of a map, and what approximations and decisions are worth over the other list.</summary>
    public static IReadOnlyList<string> Of(CombinationMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Control is not { } control || map.Ranking is not [var best, ..] ranking)
        {
            return [];
        }

        return
        [
            Invariant($"At least {map.Speedup:0.#}×: best is “{best.Decision}” with “{best.Approximation}”, {best.Psnr:0.0} dB, {Signed(best.Psnr - control.Psnr)} dB against fewer steps; {ranking.Count(r => r.Psnr > control.Psnr)} of {ranking.Count} cells lie above fewer steps."),
            $"Approximations there, median over decisions against fewer steps: {Worth(map.Approximations.Select(a => (a, map.Decisions.Select(d => map[d, a]))))}.",
            $"Decisions there, each with its best approximation: {Worth(map.Decisions.Select(d => (d, Best(map, d))))}.",
        ];

        string Worth(IEnumerable<(string Name, IEnumerable<CombinationRun?> Runs)> parts) => string.Join(", ", parts
            .Select(p => (p.Name, Gains: p.Runs.OfType<CombinationRun>().Select(r => r.Psnr - control.Psnr).ToArray()))
            .Where(p => p.Gains.Length > 0)
            .OrderByDescending(p => Spread.Of(p.Gains).Median)
            .Select(p => $"{p.Name} {Signed(Spread.Of(p.Gains).Median)}"));
    }

    private static IEnumerable<CombinationRun?> Best(CombinationMap map, string decision) => [map.Approximations.Select(a => map[decision, a]).OfType<CombinationRun>().MaxBy(r => r.Psnr)];

    private static string Signed(double x) => Numbers.Text(x, "+0.0;−0.0;0.0");
}
