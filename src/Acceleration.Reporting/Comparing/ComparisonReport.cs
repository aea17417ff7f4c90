using System.Text.Encodings.Web;
using System.Text.Json;

namespace Acceleration.Reporting;

/// <summary>A finished comparison: plain data, from which tables, pages and pictures are made.</summary>
public sealed record ComparisonReport
{
    /// <summary>Relative deviation of a control's speed-up from its arithmetic from which on times are not trusted.</summary>
    public const double SteadyWithin = 0.2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Version of the JSON form.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Title.</summary>
    public required string Title { get; init; }

    /// <summary>Whether it ran to its end; a stopped comparison has fewer rows or sweeps.</summary>
    public bool Complete { get; init; } = true;

    /// <summary>Name of the baseline's network.</summary>
    public required string Network { get; init; }

    /// <summary>When the measurement began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Seconds from the beginning to the end, warm-up and metrics included.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>Times every sampler was run.</summary>
    public required int Sweeps { get; init; }

    /// <summary>Seconds of the baseline as timed in parts between the others: far apart where the machine did not run evenly. Null in reports that did not time it so.</summary>
    public Spread? BaselinePace { get; init; }

    /// <summary>Steps every sampler took before the first sweep, unmeasured.</summary>
    public required int WarmUpSteps { get; init; }

    /// <summary>Seed of picture 0; picture i used seed + i.</summary>
    public required long Seed { get; init; }

    /// <summary>Frames of each sample, which are judged one by one: so many of each row's pictures in a row are one film. 1 where samples are pictures.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>The pixel values that are black and white.</summary>
    public required PixelRange Pixels { get; init; }

    /// <summary>Where it was measured.</summary>
    public required MachineInfo Machine { get; init; }

    /// <summary>The classes asked for; empty without a classifier.</summary>
    public required IReadOnlyList<long> WantedClasses { get; init; }

    /// <summary>All rows, the baseline first, then in the order in which they ran in each sweep.</summary>
    public required IReadOnlyList<ComparisonRow> Rows { get; init; }

    /// <summary>
    /// Whether times can be trusted: controls do the same work per step as the baseline, so their realised and arithmetic speed-ups must agree within
    /// <see cref="SteadyWithin"/>. If not, other programs probably used the machine meanwhile.
    /// </summary>
    public bool TimesAreSteady => Rows.Where(r => r.Kind == RowKind.Control).All(c => c.Realised is not { } r || Math.Abs(Math.Log(r)) <= Math.Log(1 + SteadyWithin));

    /// <summary>How many times longer the slowest part of the baseline took than the fastest, where that is much; null for an even machine.</summary>
    internal double? Unevenness => BaselinePace is { } pace && pace.Max > 1.5 * pace.Min ? pace.Max / pace.Min : null;

    /// <summary>Why strategies cannot pay here, each reason once.</summary>
    public IReadOnlyList<string> Advice => [.. Rows.SelectMany(r => r.Advice).Distinct()];

    internal ComparisonRow Baseline => Rows[0];

    /// <summary>Whether settings are held against fewer steps of the same arithmetic, not of the same time.</summary>
    internal bool ByArithmetic => Baseline.ByArithmetic;

    /// <summary>Settings that are compared with the baseline.</summary>
    internal IEnumerable<ComparisonRow> Variants => Rows.Where(r => r.Kind == RowKind.Variant && r.Against is null);

    /// <summary>Controls of the baseline.</summary>
    internal IEnumerable<ComparisonRow> Controls => Rows.Where(r => r.Kind == RowKind.Control && r.Against is null);

    /// <summary>Settings and controls that are compared with another row, by its name.</summary>
    internal IEnumerable<IGrouping<string, ComparisonRow>> Others => Rows.Where(r => r.Against is not null).GroupBy(r => r.Against!);

    /// <summary>The row whose pictures those of <paramref name="row"/> are compared with.</summary>
    internal ComparisonRow ReferenceOf(ComparisonRow row) => Rows.FirstOrDefault(r => r.Kind != RowKind.Control && r.Name == row.Against) ?? Baseline;

    /// <summary>Samples: pictures, or films.</summary>
    internal int Samples => Baseline.Pictures.Count / Math.Max(1, Frames);

    /// <summary>How many samples of what there are.</summary>
    internal string Counted => Frames == 1 ? $"{Samples} {(Samples == 1 ? "picture" : "pictures")}" : $"{Samples} {(Samples == 1 ? "film" : "films")} of {Frames} frames";

    /// <summary>The whole report, pictures included, as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not such a report.</exception>
    public static ComparisonReport FromJson(string json)
    {
        var report = JsonSerializer.Deserialize<ComparisonReport>(json, Json);
        return report is { Schema: 1, Rows: [{ Kind: RowKind.Baseline }, ..] }
            ? report
            : throw new JsonException($"This is no comparison report of schema 1 with its baseline first (schema: {report?.Schema}, rows: {report?.Rows.Count}).");
    }
}
