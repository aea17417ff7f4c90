namespace Acceleration.Reporting;

/// <summary>Maps of a study under each other: decisions down, approximations across, in each cell the best PSNR, coloured by how far it lies above or below fewer steps. A picture of its own, on white.</summary>
public sealed class CombinationPlot
{
    private const double Left = 226;
    private const double CellWidth = 86;
    private const double CellHeight = 27;
    private const double Head = 62;
    private const double Foot = 22;
    private const double Legend = 46;

    private readonly IReadOnlyList<CombinationMap> _maps;

    /// <summary>Draws maps of the same decisions and approximations.</summary>
    /// <param name="maps">At least one, each with a control.</param>
    public CombinationPlot(params IReadOnlyList<CombinationMap> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        _maps = maps.Count > 0 && maps.All(m => m.Control is not null) ? maps : throw new ArgumentException("Each map needs a control, and there has to be one.", nameof(maps));
    }

    private double Width => Left + (_maps[0].Approximations.Count * CellWidth) + 14;

    private double PanelHeight => Head + (_maps[0].Decisions.Count * CellHeight) + Foot;

    /// <summary>The picture as an SVG file.</summary>
    public string Svg() => Draw().Text;

    internal Html Draw() => Html.Of($"""
        <svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {Width} {(_maps.Count * PanelHeight) + Legend}" font-family="system-ui, sans-serif" font-size="12.5" role="img" aria-label="Best PSNR of each combination of decision and approximation">
        <rect width="100%" height="100%" fill="#ffffff"/>
        {_maps.Select((m, i) => Panel(m, i * PanelHeight))}
        {Scale(_maps.Count * PanelHeight)}
        </svg>

        """);

    private Html Panel(CombinationMap map, double top)
    {
        var best = map.Ranking.FirstOrDefault();
        return Html.Of($"""
            <text x="14" y="{top + 24}" style="fill:#1c1b1a;font-size:15px;font-weight:650">At least {map.Speedup:0.#}× less arithmetic</text>
            <text x="{Width - 14}" y="{top + 24}" text-anchor="end" style="fill:#55514c">fewer steps: {map.Control!.Psnr:0.0} dB</text>
            {map.Approximations.Select((a, i) => Html.Of($"<text x='{X(i) + (CellWidth / 2)}' y='{top + Head - 8}' text-anchor='middle' style='fill:#55514c;font-size:11px'>{a}</text>"))}
            {map.Decisions.Select((d, j) => Row(map, d, top + Head + (j * CellHeight), best))}
            """);
    }

    private Html Row(CombinationMap map, string decision, double y, CombinationRun? best) => Html.Of($"""
        <text x="{Left - 10}" y="{y + 18}" text-anchor="end" style="fill:#1c1b1a">{decision}</text>
        {map.Approximations.Select((a, i) => map[decision, a] is { } run ? Cell(run, X(i), y, run.Psnr - map.Control!.Psnr, run == best) : Nothing(X(i), y))}
        """);

    private static Html Cell(CombinationRun run, double x, double y, double gain, bool isBest) => Html.Of($"""
        <g><title>{run.Decision}, {run.Approximation}: {run.Psnr:0.0} dB at {run.Speedup:0.00}×, {gain:+0.0;−0.0;0.0} dB against fewer steps
        {run.Tag}</title><rect x="{x + 1}" y="{y + 1}" width="{CellWidth - 2}" height="{CellHeight - 2}" rx="3" fill="{GainColour.Fill(gain)}"{new Html(isBest ? " stroke='#1c1b1a' stroke-width='2.5'" : "")}/><text x="{x + (CellWidth / 2)}" y="{y + 18}" text-anchor="middle" style="fill:{GainColour.Ink(gain)};font-weight:{(isBest ? 750 : 400)}">{run.Psnr:0.0}</text></g>
        """);

    private static Html Nothing(double x, double y) => Html.Of($"""
        <text x="{x + (CellWidth / 2)}" y="{y + 18}" text-anchor="middle" style="fill:#a19d97">{Numbers.None}<title>no setting that was run spares so much</title></text>
        """);

    private Html Scale(double top)
    {
        double[] gains = [-10, -7.5, -5, -2.5, 0, 2.5, 5, 7.5, 10];
        var x = Left + (((_maps[0].Approximations.Count * CellWidth) - (gains.Length * 46)) / 2);
        return Html.Of($"""
            {gains.Select((g, i) => Html.Of($"<rect x='{x + (i * 46)}' y='{top + 2}' width='46' height='14' fill='{GainColour.Fill(g)}'/><text x='{x + (i * 46) + 23}' y='{top + 30}' text-anchor='middle' style='fill:#55514c;font-size:11px'>{g:+0.#;−0.#;0}</text>"))}
            <text x="{x - 12}" y="{top + 14}" text-anchor="end" style="fill:#55514c">dB against fewer steps</text>
            """);
    }

    private static double X(int column) => Left + (column * CellWidth);
}
