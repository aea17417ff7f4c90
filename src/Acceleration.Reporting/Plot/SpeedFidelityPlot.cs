namespace Acceleration.Reporting;

/// <summary>Fidelity over speed, the fewer-steps control as a line: what lies above it is worth having.</summary>
internal sealed class SpeedFidelityPlot
{
    private const double Width = 960;
    private const double Left = 62;
    private const double Right = 944;
    private const double Top = 16;

    // Many groups lie close: their names need room.
    private readonly double _height;
    private readonly double _bottom;
    private readonly ComparisonReport _report;
    private readonly Series _series;
    private readonly ComparisonRow[] _controls;
    private readonly LogAxis _x;
    private readonly LinearAxis _y;
    private readonly double _highest;
    private readonly LabelPlacer _labels;

    public SpeedFidelityPlot(ComparisonReport report, Series series)
    {
        (_report, _series) = (report, series);
        _height = series.Families.Count > 0 ? 760 : 470;
        _bottom = _height - 52;
        _labels = new(Left, Top, Right, _bottom);
        _controls = [.. report.Controls.OrderBy(c => c.Judged.Median)];
        var rows = report.Rows.Skip(1).Where(r => r.Against is null).ToArray();
        var speeds = rows.SelectMany(r => new[] { r.Judged.Min, r.Judged.Max }).DefaultIfEmpty(1).ToArray();
        _x = new(Math.Min(0.92, speeds.Min() * 0.95), Math.Max(2, speeds.Max() * 1.18), Left, Right);
        double[] shown = [.. rows.Select(r => r.Psnr).Where(p => p < ImageMetrics.PsnrCap - 1)];
        var (low, high) = shown.Length == 0 ? (0, ImageMetrics.PsnrCap) : (Math.Floor(shown.Min() - 1.5), Math.Ceiling(shown.Max() + 1.5));
        _highest = high;
        _y = new(low, high, _bottom, Top);
    }

    public Html Draw() => Html.Of($"""
        <svg class="plot" viewBox="0 0 {Width} {_height}" role="img" aria-label="Fidelity over speed-up. Points above the line beat the plain sampler with fewer steps.">
        {Grid()}
        {ControlArea()}
        {_series.Groups.Select(GroupLine)}
        {ControlLine()}
        {_report.Variants.Select(Point)}
        {Labels()}
        </svg>
        """);

    private Html Grid() => Html.Of($"""
        <g class="grid">{_y.Ticks(7).Select(t => Html.Of($"<line x1='{Left}' x2='{Right}' y1='{_y.At(t):0.#}' y2='{_y.At(t):0.#}'/><text x='{Left - 8}' y='{_y.At(t) + 4:0.#}' text-anchor='end'>{t:0.#}</text>"))}
        {_x.Ticks.Select(t => Html.Of($"<line x1='{_x.At(t):0.#}' x2='{_x.At(t):0.#}' y1='{Top}' y2='{_bottom}'/><text x='{_x.At(t):0.#}' y='{_bottom + 20}' text-anchor='middle'>{t:0.#}×</text>"))}
        <line class="axis" x1="{Left}" x2="{Right}" y1="{_bottom}" y2="{_bottom}"/>
        <line class="unit" x1="{_x.At(1):0.#}" x2="{_x.At(1):0.#}" y1="{Top}" y2="{_bottom}"/>
        <text class="note" transform="translate({_x.At(1) - 6:0.#} {Top + 4}) rotate(-90)" text-anchor="end">baseline, {_report.Baseline.Label}</text>
        <text class="title" x="{(Left + Right) / 2}" y="{_height - 10}" text-anchor="middle">{(_report.ByArithmetic ? "times less arithmetic than the baseline (logarithmic)" : "times faster than the baseline (whole request, logarithmic)")} →</text>
        <text class="title" transform="translate(16 {(Top + _bottom) / 2}) rotate(-90)" text-anchor="middle">closer to the baseline’s pictures, PSNR in dB →</text></g>
        """);

    private Html ControlArea() => _controls.Length < 2
        ? Html.Empty
        : Html.Of($"<polygon class='worse' points='{string.Join(' ', _controls.Select(Corner))} {AtX(_controls[^1])},{_bottom} {AtX(_controls[0])},{_bottom}'/>");

    private Html ControlLine()
    {
        foreach (var c in _report.Variants.Concat(_controls))
        {
            _labels.Reserve(_x.At(c.Judged.Median), _y.At(c.Psnr));
        }

        return Html.Of($"""
            <g class="control"><polyline points="{string.Join(' ', _controls.Select(Corner))}"/>
            {_controls.Select(c => Html.Of($"<g><title>{About(c)}</title>{Whisker(c)}<circle cx='{AtX(c)}' cy='{AtY(c)}' r='4'/></g>"))}</g>
            """);
    }

    private Html GroupLine(string group)
    {
        var rows = _report.Variants.Where(r => r.Group == group).OrderBy(r => r.Judged.Median).ToArray();
        return Html.If(rows.Length > 1, $"<polyline class='trail {_series.Class(group)}' points='{string.Join(' ', rows.Select(Corner))}'/>");
    }

    private Html Point(ComparisonRow row) => Html.Of($"""
        <g class="point {_series.Class(row)}"><title>{About(row)}</title>{Whisker(row)}{_series.Marker(row.Group, _x.At(row.Judged.Median), _y.At(row.Psnr))}</g>
        """);

    /// <summary>From the slowest to the fastest sweep.</summary>
    private Html Whisker(ComparisonRow row) => Html.If(
        row.Judged.Max > row.Judged.Min,
        $"<line class='whisker' x1='{_x.At(row.Judged.Min):0.#}' x2='{_x.At(row.Judged.Max):0.#}' y1='{AtY(row)}' y2='{AtY(row)}'/>");

    /// <summary>Settings by their labels; where there are families, groups by their names, once each beside any of its points.</summary>
    private Html Labels() => Html.Join((_series.Families.Count > 0
            ? _series.Groups.Select(GroupLabel)
            : _report.Variants.Select(r => Label(r, r.Psnr > _highest ? $"{r.Label} ({Numbers.Decibel(r.Psnr)} dB)" : r.Label, $"label {_series.Class(r)}")))
        .Concat(_controls.Select(c => Label(c, c.Label, "label control"))));

    private Html GroupLabel(string group) => _report.Variants.Where(r => r.Group == group).OrderByDescending(r => r.Control?.Gain ?? r.Psnr)
        .Select(r => Label(r, group, $"label {_series.Class(group)}")).FirstOrDefault(h => h != Html.Empty, Html.Empty);

    private Html Label(ComparisonRow row, string text, string css) => _labels.Place(_x.At(row.Judged.Median), _y.At(row.Psnr), text) is var (x, y, anchor)
        ? Html.Of($"<text class='{css}' x='{x:0.#}' y='{y:0.#}' text-anchor='{anchor}'>{text}</text>")
        : Html.Empty;

    private string Corner(ComparisonRow row) => $"{AtX(row)},{AtY(row)}";

    private string AtX(ComparisonRow row) => Numbers.Text(_x.At(row.Judged.Median), "0.#");

    private string AtY(ComparisonRow row) => Numbers.Text(_y.At(row.Psnr), "0.#");

    private static string About(ComparisonRow row)
    {
        var spread = row.Judged.Min == row.Judged.Max ? "" : $" ({Numbers.Times(row.Judged.Min)} to {Numbers.Times(row.Judged.Max)})";
        var gain = row.Control is null ? "" : $"\n{Numbers.Gain(row.Control)} dB against fewer steps {(row.ByArithmetic ? "of the same arithmetic" : "in the same time")}";
        return $"{row.Name}\n{Numbers.Times(row.Judged.Median)} {(row.ByArithmetic ? "less arithmetic" : "faster")}{spread}, {Numbers.Decibel(row.Psnr)} dB, {Numbers.Text(row.Evaluations, "0.#")} evaluations per picture{gain}\n{row.Tag}";
    }
}
