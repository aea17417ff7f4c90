using System.Text.Json.Serialization;

namespace Acceleration.Reporting;

/// <summary>One sampler of a comparison: what was measured, and what follows from it.</summary>
public sealed record ComparisonRow
{
    /// <summary>The part it plays.</summary>
    public required RowKind Kind { get; init; }

    /// <summary>Settings of one kind share a group, for example a strategy's name.</summary>
    public required string Group { get; init; }

    /// <summary>What groups have in common that share a colour; null where every group has its own.</summary>
    public string? Family { get; init; }

    /// <summary>The setting, for example <c>τ = 0.05</c>.</summary>
    public required string Label { get; init; }

    /// <summary>Name of the row whose pictures these are compared with; null for the baseline.</summary>
    public string? Against { get; init; }

    /// <summary><see cref="Sampler.Tag"/>.</summary>
    public required string Tag { get; init; }

    /// <summary><see cref="Sampler.Advice"/>: why a strategy cannot pay here.</summary>
    public IReadOnlyList<string> Advice { get; init; } = [];

    /// <summary>Solver steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Seconds of the whole request, one per sweep.</summary>
    public required IReadOnlyList<double> Seconds { get; init; }

    /// <summary>The seconds that the baseline took at the same time, by its steps timed before and after, over these; one per sweep.</summary>
    public required IReadOnlyList<double> Speedups { get; init; }

    /// <summary>Network evaluations per picture; a guided step costs two.</summary>
    public required double Evaluations { get; init; }

    /// <summary>Multiply-adds executed by the network.</summary>
    public required double MultiplyAdds { get; init; }

    /// <summary>Multiply-adds of the baseline over those executed; null where the network states no cost.</summary>
    public required double? ArithmeticSpeedup { get; init; }

    /// <summary>Most bytes that strategies held at the end of a step.</summary>
    public required long PeakCacheBytes { get; init; }

    /// <summary>Times a value was read back from the device.</summary>
    public required int HostReads { get; init; }

    /// <summary>Peak signal-to-noise ratio of every picture against the baseline's, in dB, capped at <see cref="ImageMetrics.PsnrCap"/>.</summary>
    public required IReadOnlyList<double> PsnrPerPicture { get; init; }

    /// <summary>Structural similarity of every picture with the baseline's; empty where pictures are too small for it.</summary>
    public required IReadOnlyList<double> SsimPerPicture { get; init; }

    /// <summary>Classes that the classifier sees in the pictures; empty without one.</summary>
    public required IReadOnlyList<long> Classes { get; init; }

    /// <summary>Share of the pictures that the classifier takes for what was asked for, 0..1; null without one.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>Pictures that hold values which are not finite. Such values count as black.</summary>
    public required int BrokenPictures { get; init; }

    /// <summary>Whether every sweep gave the same pictures, bit for bit.</summary>
    public required bool Reproducible { get; init; }

    /// <summary>Against the plain sampler at equal speed; null without controls.</summary>
    public required ControlGain? Control { get; init; }

    /// <summary>The steps.</summary>
    public required IReadOnlyList<StepRecord> Trace { get; init; }

    /// <summary>The pictures.</summary>
    public required PictureSet Pictures { get; init; }

    /// <summary>Seconds of the whole request.</summary>
    public Spread Time => Spread.Of(Seconds);

    /// <summary>How much faster than the baseline at the same time.</summary>
    public Spread Speedup => Spread.Of(Speedups);

    /// <summary>Whether it is held against fewer steps of the same arithmetic, not of the same time.</summary>
    public bool ByArithmetic { get; init; }

    /// <summary>The speed-up at which it is held against fewer steps: realised, or arithmetic where that is asked for and known.</summary>
    [JsonIgnore]
    public Spread Judged => ByArithmetic && ArithmeticSpeedup is { } arithmetic ? new(arithmetic, arithmetic, arithmetic) : Speedup;

    /// <summary>Realised over arithmetic speed-up: less than 1 is overhead. Null where the network states no cost.</summary>
    public double? Realised => Speedup.Median / ArithmeticSpeedup;

    /// <summary>Mean over pictures of <see cref="PsnrPerPicture"/>, in dB.</summary>
    public double Psnr => PsnrPerPicture.Average();

    /// <summary>Mean over pictures of <see cref="SsimPerPicture"/>.</summary>
    public double? Ssim => SsimPerPicture.Count == 0 ? null : SsimPerPicture.Average();

    /// <summary>Group and label, as a sentence names the row.</summary>
    [JsonIgnore]
    public string Name => Kind == RowKind.Variant ? $"{Group} {Label}" : Label;
}
