using System.Diagnostics;
using static TorchSharp.torch;

namespace Acceleration.Reporting;

/// <summary>
/// Generates the same pictures with many samplers, in batches, and measures each against a reference sampler and against the statistics of real pictures. Runs on the calling thread.
/// </summary>
/// <param name="pictures">Pictures of each sampler, at least 1.</param>
/// <param name="condition">Makes the condition of the pictures from an index on, of so many rows.</param>
public sealed class CurveStudy(int pictures, Func<int, int, Conditioning> condition) : IDisposable
{
    // By tag: questions may ask for the same reference, each with a sampler of its own.
    private readonly Dictionary<string, Result> _references = [];

    /// <summary>Pictures of each sampler.</summary>
    public int Pictures { get; } = pictures >= 1 ? pictures : throw new ArgumentOutOfRangeException(nameof(pictures), pictures, "At least one picture is needed.");

    /// <summary>The condition of the pictures from an index on, of so many rows; the caller disposes it.</summary>
    public Conditioning Condition(int from, int rows) => condition(from, rows);

    /// <summary>Most pictures of one request.</summary>
    public int Batch { get; init; } = 50;

    /// <summary>Seed of the first picture; picture i has seed + i.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Features of pictures [pictures, channels, height, width] with values from −1 to 1, [pictures, features]; null for no Fréchet distance.</summary>
    public Func<Tensor, Tensor>? Features { get; init; }

    /// <summary>Features of real pictures.</summary>
    public FeatureStatistics? Real { get; init; }

    /// <summary>Told before each sampler: its tag.</summary>
    public Action<string>? Begins { get; init; }

    /// <summary>Stops between blocks.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The sampler that others are compared with. Its pictures are kept until disposal.</summary>
    public CurvePoint Reference(string label, Sampler sampler)
    {
        if (!_references.TryGetValue(sampler.Tag, out var result))
        {
            _references[sampler.Tag] = result = Run(sampler);
        }

        return Point(0, label, sampler, result, result);
    }

    /// <summary>Measures a sampler.</summary>
    /// <param name="x">Where it stands; null for its evaluations per picture.</param>
    /// <param name="label">What it is called.</param>
    /// <param name="sampler">The sampler.</param>
    /// <param name="reference">One given to <see cref="Reference"/> before.</param>
    public CurvePoint Measure(double? x, string label, Sampler sampler, Sampler reference)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(reference);
        using var result = Run(sampler);
        var point = Point(x ?? 0, label, sampler, result, _references[reference.Tag]);
        return x is null ? point with { X = point.Evaluations } : point;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var result in _references.Values)
        {
            result.Dispose();
        }
    }

    private CurvePoint Point(double x, string label, Sampler sampler, Result result, Result reference)
    {
        using var scope = NewDisposeScope();
        var finite = result.Pictures.isfinite().flatten(1).all(1);
        var broken = Pictures - (int)finite.sum().item<long>();
        var errors = (result.Pictures.nan_to_num(0, 0, 0).clamp(-1, 1) - reference.Pictures.clamp(-1, 1)).to(float64).square().flatten(1).mean([1]);
        var psnr = Array.ConvertAll(errors.data<double>().ToArray(), e => Math.Min(ImageMetrics.PsnrCap, 10 * Math.Log10(4 / e)));
        var mean = psnr.Average();
        var error = psnr.Length < 2 ? 0 : Math.Sqrt(psnr.Sum(p => (p - mean) * (p - mean)) / (psnr.Length - 1) / psnr.Length);
        return new(x, label, result.Evaluations, mean, error, broken > 0 ? null : Distance(result.Pictures), broken, result.Seconds, sampler.Tag);
    }

    private double? Distance(Tensor pictures)
    {
        if (Features is null || Real is null || Pictures < 2)
        {
            return null;
        }

        var parts = Enumerable.Range(0, (Pictures + Batch - 1) / Batch).Select(i => Features(pictures.narrow(0, i * Batch, Math.Min(Batch, Pictures - (i * Batch)))));
        using var statistics = FeatureStatistics.Of(cat([.. parts], 0));
        return FrechetDistance.Between(statistics, Real);
    }

    private Result Run(Sampler sampler)
    {
        Begins?.Invoke(sampler.Tag);
        using var scope = NewDisposeScope();
        var clock = Stopwatch.GetTimestamp();
        var (parts, evaluations) = (new List<Tensor>(), 0.0);
        for (var from = 0; from < Pictures; from += Batch)
        {
            var rows = Math.Min(Batch, Pictures - from);
            using var asked = Condition(from, rows);
            using var made = sampler.Generate(new() { Condition = asked, Seed = Seed + from }, cancellation: Cancellation);
            evaluations += made.Trace.Evaluations * rows;
            parts.Add(made.Latents.to(float32).cpu().alias());
        }

        return new(cat([.. parts], 0).DetachFromDisposeScope(), evaluations / Pictures, Stopwatch.GetElapsedTime(clock).TotalSeconds);
    }

    private sealed record Result(Tensor Pictures, double Evaluations, double Seconds) : IDisposable
    {
        public void Dispose() => Pictures.Dispose();
    }
}
