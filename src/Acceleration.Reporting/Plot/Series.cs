namespace Acceleration.Reporting;

/// <summary>How each group looks: a colour of the style sheet and a shape, so that neither alone has to tell groups apart. Groups of a family share the colour.</summary>
internal sealed class Series(ComparisonReport report)
{
    private const int Colours = 8;
    private const int Shapes = 6;

    /// <summary>Groups of variants, in order of appearance.</summary>
    public IReadOnlyList<string> Groups { get; } = [.. report.Rows.Where(r => r.Kind == RowKind.Variant).Select(r => r.Group).Distinct()];

    public string Class(ComparisonRow row) => row.Kind == RowKind.Variant ? Class(row.Group) : row.Kind == RowKind.Control ? "control" : "baseline";

    public string Class(string group) => $"s{(FamilyOf(group) is { } family ? Families.ToList().IndexOf(family) : Index(group)) % Colours}";

    /// <summary>Families, in order of appearance; empty where groups have none.</summary>
    public IReadOnlyList<string> Families { get; } = [.. report.Rows.Select(r => r.Family).OfType<string>().Distinct()];

    /// <summary>The groups of a family.</summary>
    public IEnumerable<string> GroupsOf(string family) => Groups.Where(g => FamilyOf(g) == family);

    /// <summary>
    /// The rows to be shown in full: of each group the one furthest above fewer steps where there are families, and thus many groups; else all.
    /// </summary>
    public IReadOnlySet<ComparisonRow> Foremost { get; } = report.Rows.Where(r => r.Family is not null).GroupBy(r => r.Group).Select(g => g.MaxBy(r => r.Control?.Gain ?? r.Psnr)!).ToHashSet() is { Count: > 0 } best
        ? best
        : report.Rows.ToHashSet();

    /// <summary>A group's marker, of about 12 units around a point.</summary>
    public Html Marker(string group, double x, double y)
    {
        var index = FamilyOf(group) is { } family ? GroupsOf(family).ToList().IndexOf(group) : Index(group);
        return index / Shapes % 2 == 0 ? Shape(index, x, y) : Html.Of($"<g class='hollow'>{Shape(index, x, y)}</g>");
    }

    /// <summary>The marker of the group with this number.</summary>
    public static Html Shape(int index, double x, double y) => (index % Shapes) switch
    {
        0 => Html.Of($"<circle cx='{x:0.#}' cy='{y:0.#}' r='6'/>"),
        1 => Html.Of($"<rect x='{x - 5.5:0.#}' y='{y - 5.5:0.#}' width='11' height='11'/>"),
        2 => Html.Of($"<path d='M{x:0.#} {y - 7.5:0.#}l7.5 7.5-7.5 7.5-7.5-7.5z'/>"),
        3 => Html.Of($"<path d='M{x:0.#} {y - 7:0.#}l7 12.5h-14z'/>"),
        4 => Html.Of($"<path d='M{x:0.#} {y + 7:0.#}l7-12.5h-14z'/>"),
        _ => Html.Of($"<path d='M{x - 2.2:0.#} {y - 6.5:0.#}h4.4v4.3h4.3v4.4h-4.3v4.3h-4.4v-4.3h-4.3v-4.4h4.3z'/>"),
    };

    /// <summary>The marker as a picture of its own, for text.</summary>
    public Html Chip(ComparisonRow row) => row.Kind == RowKind.Variant
        ? Chip(row.Group)
        : Html.Of($"<svg class='chip {Class(row)}' viewBox='-8 -8 16 16' aria-hidden='true'><circle r='4.5'/></svg>");

    public Html Chip(string group) => Html.Of($"<svg class='chip {Class(group)}' viewBox='-8 -8 16 16' aria-hidden='true'>{Marker(group, 0, 0)}</svg>");

    private string? FamilyOf(string group) => report.Rows.First(r => r.Group == group).Family;

    private int Index(string group) => Math.Max(0, Groups.ToList().IndexOf(group));
}
