namespace Acceleration.Reporting;

/// <summary>Curves of one quantity over X, with the reference as a level.</summary>
internal sealed class CurvePlot
{
    private const double Width = 620;
    private const double Height = 400;
    private const double Left = 58;
    private const double Right = 604;
    private const double Top = 14;
    private const double Bottom = 346;

    private readonly CurveSection _section;
    private readonly string _title;
    private readonly Func<CurvePoint, double?> _value;
    private readonly double _level;
    private readonly Func<double, double> _x;
    private readonly double[] _ticks;
    private readonly LinearAxis _y;

    /// <param name="section">The section.</param>
    /// <param name="title">Of the vertical axis.</param>
    /// <param name="value">What is drawn.</param>
    /// <param name="level">The reference's value, drawn where finite and in range.</param>
    public CurvePlot(CurveSection section, string title, Func<CurvePoint, double?> value, double? level)
    {
        (_section, _title, _value, _level) = (section, title, value, level ?? double.NaN);
        var points = section.Curves.SelectMany(c => c.Points).ToArray();
        double[] ys = [.. points.Select(value).OfType<double>().Where(double.IsFinite).Concat(double.IsFinite(_level) ? [_level] : [])];
        var (low, high) = ys.Length == 0 ? (0.0, 1.0) : (ys.Min(), ys.Max());
        var margin = Math.Max(1e-6, (high - low) * 0.06);
        _y = new(low - margin, high + margin, Bottom, Top);
        var (from, to) = (points.Min(p => p.X), points.Max(p => p.X));
        if (section.IsLogarithmic)
        {
            var log = new LinearAxis(Math.Log(from * 0.93), Math.Log(to * 1.07), Left, Right);
            _x = x => log.At(Math.Log(x));
            _ticks = [.. new double[] { 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 400 }.Where(t => t >= from * 0.93 && t <= to * 1.07)];
        }
        else
        {
            var pad = Math.Max(1e-6, (to - from) * 0.04);
            var linear = new LinearAxis(from - pad, to + pad, Left, Right);
            _x = linear.At;
            _ticks = [.. linear.Ticks(7)];
        }
    }

    public Html Draw() => Html.Of($"""
        <svg class="plot half" viewBox="0 0 {Width} {Height}" role="img" aria-label="{_title} over {_section.XTitle}">
        <g class="grid">{_y.Ticks(7).Select(t => Html.Of($"<line x1='{Left}' x2='{Right}' y1='{_y.At(t):0.#}' y2='{_y.At(t):0.#}'/><text x='{Left - 7}' y='{_y.At(t) + 4:0.#}' text-anchor='end'>{t:0.##}</text>"))}
        {_ticks.Select(t => Html.Of($"<line x1='{_x(t):0.#}' x2='{_x(t):0.#}' y1='{Top}' y2='{Bottom}'/><text x='{_x(t):0.#}' y='{Bottom + 18}' text-anchor='middle'>{t:0.##}</text>"))}
        <line class="axis" x1="{Left}" x2="{Right}" y1="{Bottom}" y2="{Bottom}"/>
        {Html.If(double.IsFinite(_level), $"<line class='unit' x1='{Left}' x2='{Right}' y1='{_y.At(_level):0.#}' y2='{_y.At(_level):0.#}'/><text class='note' x='{Right - 4}' y='{_y.At(_level) - 5:0.#}' text-anchor='end'>{_section.Reference.Label}</text>")}
        <text class="title" x="{(Left + Right) / 2}" y="{Height - 10}" text-anchor="middle">{_section.XTitle} →</text>
        <text class="title" transform="translate(14 {(Top + Bottom) / 2}) rotate(-90)" text-anchor="middle">{_title}</text></g>
        {_section.Curves.Select((c, i) => Line(c, i))}
        </svg>
        """);

    private Html Line(Curve curve, int i)
    {
        var points = curve.Points.Where(p => _value(p) is { } v && double.IsFinite(v)).ToArray();
        var corners = string.Join(' ', points.Select(p => $"{Numbers.Text(_x(p.X), "0.#")},{Numbers.Text(_y.At(_value(p)!.Value), "0.#")}"));
        return Html.Of($"""
            <polyline class="trail strong s{i % 8}" points="{corners}"/>
            {points.Select(p => Html.Of($"<g class='point s{i % 8}'><title>{curve.Name}, {p.Label}: {_value(p):0.###} ({p.Evaluations:0.#} evaluations)\n{CurvePoint.Shorten(p.Tag)}</title>{Series.Shape(i, _x(p.X), _y.At(_value(p)!.Value))}</g>"))}
            """);
    }
}
