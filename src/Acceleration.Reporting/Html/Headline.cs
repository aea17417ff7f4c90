namespace Acceleration.Reporting;

/// <summary>The comparison in a sentence.</summary>
internal sealed class Headline
{
    /// <summary>PSNR in dB from which on differences are hard to see.</summary>
    public const double Close = 30;

    private readonly ComparisonReport _report;

    public Headline(ComparisonReport report)
    {
        _report = report;
        var variants = report.Variants.ToArray();
        var worth = variants.Where(r => r.Control is not { Beats: false }).ToArray();
        Best = worth.Where(r => r.Psnr >= Close).MaxBy(r => r.Judged.Median)
            ?? worth.Where(r => r.Control is { Beats: true }).MaxBy(r => r.Control!.Gain)
            ?? worth.MaxBy(r => r.Psnr)
            ?? variants.MaxBy(r => r.Psnr);
        Compared = variants.Count(r => r.Control is { Beats: not null });
        Winners = variants.Count(r => r.Control is { Beats: true });
    }

    /// <summary>The fastest setting that is close to the baseline and no worse than fewer steps; else the one furthest above fewer steps. Null without settings.</summary>
    public ComparisonRow? Best { get; }

    /// <summary>Settings that the controls allow a verdict on.</summary>
    public int Compared { get; }

    /// <summary>Those of them that beat it.</summary>
    public int Winners { get; }

    public string Text => Best is { } b
        ? $"{Numbers.Text(b.Judged.Median, "0.0")}× {(b.ByArithmetic ? "less arithmetic" : "faster")} at {Numbers.Text(b.Psnr, "0")} dB with {b.Name}"
        : $"{_report.Baseline.Label} in {Numbers.Seconds(_report.Baseline.Time.Median)} s";

    /// <summary>What the plain sampler does in the same time.</summary>
    public string? Against => Best?.Control switch
    {
        null or { Bound: Bound.AtMost } => null,
        { Bound: Bound.AtLeast } c => $"Even the fastest control, {Numbers.Text(c.Steps, "0")} plain steps, {(Best.ByArithmetic ? "spares less" : "is slower")}, and reaches {Numbers.Decibel(c.Psnr)} dB.",
        { } c => $"{(Best.ByArithmetic ? "With as much arithmetic" : "In the same time")} the plain sampler has {Numbers.Text(c.Steps, "0.#")} steps and reaches {Numbers.Decibel(c.Psnr)} dB: {Numbers.Gain(c)} dB.",
    };
}
