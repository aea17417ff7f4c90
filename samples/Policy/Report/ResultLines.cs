using static System.FormattableString;

namespace Acceleration.Policy;

/// <summary>The results as text.</summary>
internal static class ResultLines
{
    private static readonly string[] Heads = ["setting", "arrived", "collided", "evaluations", "ms per plan", "plans per second"];

    public static IReadOnlyList<string[]> Rows(IReadOnlyList<Measured> results) => [.. results.Select(r => new[]
    {
        r.Setting.Name,
        Invariant($"{100 * r.Success:0.0} %"),
        Invariant($"{100 * r.Collisions:0.0} %"),
        Invariant($"{r.Evaluations:0.0}"),
        Invariant($"{r.Milliseconds:0.0}"),
        Invariant($"{r.Hertz:0.0}"),
    })];

    /// <summary>A Markdown table.</summary>
    public static string Table(IReadOnlyList<Measured> results)
    {
        string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
        var rows = Rows(results);
        int[] widths = [.. Enumerable.Range(0, Heads.Length).Select(i => rows.Append(Heads).Max(r => r[i].Length))];
        string Padded(string[] row) => Line(row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])));
        return string.Join(Environment.NewLine, [Padded(Heads), Line(widths.Select((w, i) => i == 0 ? new string('-', w) : new string('-', w - 1) + ":")), .. rows.Select(Padded)]);
    }

    public static IEnumerable<string> Headings => Heads;

    /// <summary>What the numbers say: which setting plans fastest and still arrives, and which strategies are no gain over fewer steps.</summary>
    public static IEnumerable<string> Findings(IReadOnlyList<Measured> results, double tolerance)
    {
        var reference = results.First(r => r.Setting.Kind == SettingKind.Baseline);
        var good = results.Where(r => r.Success >= reference.Success - tolerance).ToArray();
        var fastest = good.MinBy(r => r.Milliseconds)!;
        yield return Invariant($"{fastest.Setting.Name} plans fastest among all that arrive as often as {reference.Setting.Name}, give or take {100 * tolerance:0} points: {fastest.Hertz:0} plans per second instead of {reference.Hertz:0.0}, {reference.Milliseconds / fastest.Milliseconds:0.0} times as many.");
        foreach (var strategy in results.Where(r => r.Setting.Kind == SettingKind.Strategy))
        {
            var control = results.Where(r => r.Setting.Kind == SettingKind.Control && r.Milliseconds <= strategy.Milliseconds).MaxBy(r => r.Success);
            yield return control is null
                ? Invariant($"{strategy.Setting.Name}: faster than any plain setting, {100 * strategy.Success:0.0} % arrive.")
                : strategy.Success > control.Success + tolerance
                    ? Invariant($"{strategy.Setting.Name} helps: {100 * (strategy.Success - control.Success):0.0} points more arrive than with {control.Setting.Name}, which takes no longer.")
                    : Invariant($"{strategy.Setting.Name} does not help: {control.Setting.Name} takes no longer, and {100 * control.Success:0.0} % arrive instead of {100 * strategy.Success:0.0} %.");
        }
    }
}
