namespace Acceleration.Reporting;

/// <summary>Decision values as a line (median) and a band (all samples), against their threshold.</summary>
internal static class DecisionSparkline
{
    public static Html Draw(DecisionTrack track, double cell, double top, double height)
    {
        var (low, high) = Bounds(track);
        var y = new LinearAxis(low, high, top + height, top);
        var runs = Runs(track).ToArray();
        var last = track.Points.Last(p => p is not null)!;
        return Html.Of($"""
            <g class="spark"><line class="base" x1="0" x2="{TimelineStrip.Right:0.#}" y1="{top + height:0.#}" y2="{top + height:0.#}"/>
            {runs.Select(r => Band(r, cell, y))}
            {Threshold(track, cell, y)}
            {runs.Select(r => Html.Of($"<polyline class='value' points='{string.Join(' ', r.Select(p => Corner(p.Step, p.Point.Value.Median, cell, y)))}'/>"))}
            {runs.SelectMany(r => r).Select(p => Html.Of($"<circle class='{(p.Point.Skipped > 0.5 ? "skip" : "compute")}' cx='{X(p.Step, cell)}' cy='{y.At(p.Point.Value.Median):0.#}' r='2.6'><title>step {p.Step + 1}: {About(p.Point)}</title></circle>"))}
            <text class="name" x="{TimelineStrip.Right + 8:0.#}" y="{top + 10:0.#}">{track.Strategy}</text>
            {Html.If(last.Threshold is not null, $"<text class='limit' x='{TimelineStrip.Right + 8:0.#}' y='{Math.Clamp(y.At(last.Threshold ?? 0) + 4, top + 24, top + height):0.#}'>limit {last.Threshold:0.####}</text>")}</g>
            """);
    }

    private static (double Low, double High) Bounds(DecisionTrack track)
    {
        double[] values = [.. track.Points.OfType<DecisionPoint>().SelectMany(p => new[] { p.Value.Median, p.Threshold ?? p.Value.Median }).Order()];
        var (low, high) = (values[0], values[^1]);

        // One outlier should not press the rest flat; a value above the frame is drawn at its edge.
        var usual = values[(int)(0.95 * (values.Length - 1))];
        high = usual > 0 ? Math.Min(high, 2.5 * usual) : high;
        low = low >= 0 && low < 0.5 * high ? 0 : low;
        var margin = high > low ? 0.06 * (high - low) : Math.Max(1e-12, Math.Abs(high) * 0.1);
        return (low == 0 ? 0 : low - margin, high + margin);
    }

    /// <summary>Unbroken runs of steps in which something was compared.</summary>
    private static IEnumerable<List<(int Step, DecisionPoint Point)>> Runs(DecisionTrack track)
    {
        var run = new List<(int, DecisionPoint)>();
        for (var i = 0; i < track.Points.Count; i++)
        {
            if (track.Points[i] is { } point)
            {
                run.Add((i, point));
            }
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }

    private static Html Band(List<(int Step, DecisionPoint Point)> run, double cell, LinearAxis y)
    {
        var over = run.Select(p => Corner(p.Step, p.Point.Value.Max, cell, y));
        var under = run.AsEnumerable().Reverse().Select(p => Corner(p.Step, p.Point.Value.Min, cell, y));
        return Html.If(run.Exists(p => p.Point.Value.Max > p.Point.Value.Min), $"<polygon class='band' points='{string.Join(' ', over.Concat(under))}'/>");
    }

    private static Html Threshold(DecisionTrack track, double cell, LinearAxis y) => Html.Join(track.Points.Select((p, i) => p?.Threshold is { } limit
        ? Html.Of($"<line class='threshold' x1='{i * cell:0.##}' x2='{(i + 1) * cell:0.##}' y1='{y.At(limit):0.#}' y2='{y.At(limit):0.#}'/>")
        : Html.Empty).Where(h => h != Html.Empty));

    private static string About(DecisionPoint p) =>
        $"{Numbers.Text(p.Value.Median, "0.####")}{(p.Threshold is { } limit ? $" against {Numbers.Text(limit, "0.####")}" : "")}, skipped in {Numbers.Share(p.Skipped)} of decisions";

    private static string Corner(int step, double value, double cell, LinearAxis y) => $"{X(step, cell)},{Numbers.Text(y.At(value), "0.#")}";

    private static string X(int step, double cell) => Numbers.Text((step + 0.5) * cell, "0.##");
}
