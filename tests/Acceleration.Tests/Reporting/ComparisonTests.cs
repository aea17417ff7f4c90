using Acceleration.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Reporting;

public sealed class ComparisonTests : IDisposable, ICountsLiveTensors
{
    private readonly long _alive = LiveTensors.Count();
    private readonly IDenoiser _network = ToyNetwork.Make();
    private readonly Conditioning _condition = Conditioning.Labels(1, 5, 9);
    private readonly SamplingRequest _request;

    public ComparisonTests() => _request = new() { Condition = _condition, Seed = 1 };

    public void Dispose()
    {
        _condition.Dispose();
        LiveTensors.RequireNoneLeft(_alive, Tensor.TotalCount);
    }

    [Fact]
    public void SamplersTakeTurnsInEverySweepAfterWarmingUp()
    {
        var seen = new List<(int Sweep, string Label)>();
        var comparison = new Comparison("12 steps", ToyNetwork.Sample(_network, 12))
            .Variant("forecast", "every 3", ToyNetwork.Sample(_network, 12, new IntervalForecast(3)))
            .Control("4 steps", ToyNetwork.Sample(_network, 4))
            .Repeats(2).WarmUp(1);

        var report = Run(comparison, _request, new Listener(p => seen.Add((p.Sweep, p.Label))));

        Assert.Equal(3 + (2 * (12 + 12 + 4)), seen.Count);
        Assert.Equal(
            [(0, "12 steps"), (0, "every 3"), (0, "4 steps"), (1, "12 steps"), (1, "every 3"), (1, "4 steps"), (2, "12 steps"), (2, "every 3"), (2, "4 steps")],
            seen.Distinct());
        Assert.All(report.Rows, r => Assert.Equal(2, r.Seconds.Count));
        Assert.Equal([1, 1], report.Rows[0].Speedups);
        Assert.All(report.Rows.Skip(1), r => Assert.All(r.Speedups.Zip(r.Seconds), s => Assert.InRange(s.First * s.Second, report.BaselinePace!.Value.Min, report.BaselinePace.Value.Max)));
    }

    [Fact]
    public void AMachineThatSlowsDownInTheMiddleSlowsDownTheBaselineToo()
    {
        // Twenty runs of the same work; from the eighth on every call takes five times as long.
        var calls = 0;
        using var network = Denoiser.From(ToyNetwork.Info, (x, _, _) =>
        {
            Thread.Sleep(++calls > 150 ? 10 : 2);
            return x * 0.9f;
        });
        var comparison = new Comparison("10 steps", ToyNetwork.Sample(network, 10)).Repeats(1).WarmUp(0);
        foreach (var i in Enumerable.Range(1, 20))
        {
            comparison.Variant("same", $"{i}", ToyNetwork.Sample(network, 10));
        }

        var report = Run(comparison, _request);

        // All did the same work, so all speed-ups are alike where times are not; a few of each may be anything on a busy machine.
        Assert.True(Middle(report.Rows.Skip(1).Select(r => r.Speedup.Median)) < 0.6 * Middle(report.Rows.Skip(1).Select(r => r.Time.Median)));
        Assert.Contains("did not run evenly", ReportPage.Render(report), StringComparison.Ordinal);

        static double Middle(IEnumerable<double> values) => values.Order().ElementAt(16) / values.Order().ElementAt(3);
    }

    [Fact]
    public void RowsSayWhatWasComputedAndHowFarThePicturesAre()
    {
        var report = Run(new Comparison("12 steps", ToyNetwork.Sample(_network, 12))
            .Variant("forecast", "every 3", ToyNetwork.Sample(_network, 12, new IntervalForecast(3)))
            .Variant("forecast", "off", ToyNetwork.Sample(_network, 12, new IntervalForecast(1)))
            .Control("4 steps", ToyNetwork.Sample(_network, 4))
            .Repeats(1), _request);

        var (baseline, forecast, off, control) = (report.Rows[0], report.Rows[1], report.Rows[2], report.Rows[3]);
        Assert.Equal(12, baseline.Evaluations);
        Assert.Equal(3 * 12 * ToyNetwork.Cost, baseline.MultiplyAdds);
        Assert.Equal(100, baseline.Psnr);
        Assert.Equal((100, 1.0), (off.Psnr, Math.Round(off.Ssim!.Value, 9)));
        Assert.Equal(12 / forecast.Evaluations, forecast.ArithmeticSpeedup!.Value, 1e-9);
        Assert.Equal(forecast.Speedup.Median / forecast.ArithmeticSpeedup.Value, forecast.Realised!.Value, 1e-9);
        Assert.InRange(forecast.Evaluations, 4, 8);
        Assert.Equal(forecast.Evaluations, forecast.Trace.Sum(s => s.ComputedShare), 1e-9);
        Assert.Equal(3, control.ArithmeticSpeedup!.Value, 1e-9);
        Assert.InRange(control.Psnr, 1, 99);
        Assert.NotNull(forecast.Control);
        Assert.Null(control.Control);
        Assert.All(report.Rows, r => Assert.True(r.Reproducible));
        Assert.Contains(forecast.Trace, s => s.Decisions.Any(d => d.Skip));
        Assert.Equal((RowKind.Baseline, RowKind.Variant, RowKind.Control), (baseline.Kind, forecast.Kind, control.Kind));
    }

    [Fact]
    public void WhatIsStackedOnAnotherSamplerIsComparedWithIt()
    {
        var other = ToyNetwork.Sample(_network, 10);
        var report = Run(new Comparison("12 steps", ToyNetwork.Sample(_network, 12))
            .Variant("other", "10 steps", other)
            .Variant("forecast", "off", ToyNetwork.Sample(_network, 10, new IntervalForecast(1)), other)
            .Variant("forecast", "every 3", ToyNetwork.Sample(_network, 10, new IntervalForecast(3)), other)
            .Control("6 steps", ToyNetwork.Sample(_network, 6))
            .Control("5 steps", ToyNetwork.Sample(_network, 5), other)
            .Repeats(1), _request);

        Assert.Equal([null, null, "other 10 steps", "other 10 steps", null, "other 10 steps"], report.Rows.Select(r => r.Against));
        Assert.InRange(report.Rows[1].Psnr, 1, 99);
        Assert.Equal(100, report.Rows[2].Psnr);
        Assert.Equal(report.Rows[4].Psnr, report.Rows[1].Control!.Psnr, 9);
        Assert.Equal(report.Rows[5].Psnr, report.Rows[3].Control!.Psnr, 9);
        Assert.Equal(12.0 / 10, report.Rows[2].ArithmeticSpeedup!.Value, 9);

        var page = ReportPage.Render(report);
        Assert.Contains("compared with the pictures of other 10 steps", page, StringComparison.Ordinal);
        Assert.Equal(1, System.Text.RegularExpressions.Regex.Count(page, "<g class=\"point s"));
        Assert.Throws<ArgumentException>(() => new Comparison("12 steps", other).Variant("a", "b", other, ToyNetwork.Sample(_network, 3)));
    }

    [Fact]
    public void MetricsAreThoseOfTheSamplersOwnResults()
    {
        var (fine, coarse) = (ToyNetwork.Sample(_network, 12), ToyNetwork.Sample(_network, 4));

        var report = Run(new Comparison("12 steps", fine).Control("4 steps", coarse).Pixels(new(-3, 3)).Repeats(1), _request);

        using var scope = NewDisposeScope();
        using var a = Generate(fine);
        using var b = Generate(coarse);
        var (x, y) = (((a.Latents + 3) / 6).clamp(0, 1), ((b.Latents + 3) / 6).clamp(0, 1));
        Assert.Equal(ImageMetrics.Psnr(y, x), report.Rows[1].Psnr, 1e-5);
        Assert.Equal(ImageMetrics.Ssim(y, x), report.Rows[1].Ssim!.Value, 1e-5);
        Assert.Equal(x[1, 0, 4, 7].ToSingle() * 255, report.Rows[0].Pictures.Pixels[144 + (4 * 12) + 7], 0.5f);
    }

    [Fact]
    public void TheClassifierSeesPicturesAsTheNetworkMakesThem()
    {
        var sampler = ToyNetwork.Sample(_network, 3);

        var report = Run(new Comparison("3 steps", sampler)
            .Pixels(new(0, 1), results => results * 2)
            .Classify(pictures => [1, (long)Math.Round(pictures.max().ToSingle() * 1000), 9], [1, 5, 9])
            .Repeats(1), _request);

        using var scope = NewDisposeScope();
        using var result = Generate(sampler);
        Assert.Equal(2.0 / 3, report.Rows[0].Accuracy!.Value, 1e-12);
        Assert.Equal((long)Math.Round(result.Latents.max().ToSingle() * 2000), report.Rows[0].Classes[1]);
    }

    [Fact]
    public void ValuesThatAreNotFiniteAreCountedAndDrawnBlack()
    {
        using var broken = Denoiser.From(ToyNetwork.Info, (x, _, c) => where(c["labels"].view(-1, 1, 1, 1) == 5, full_like(x, float.NaN), x));

        var report = Run(new Comparison("4 steps", ToyNetwork.Sample(_network, 4)).Variant("broken", "now", Sampler.For(broken).Ddim(4).OnNonFinite(NonFinite.Ignore).Build()).Repeats(1), _request);

        Assert.Equal((0, 1), (report.Rows[0].BrokenPictures, report.Rows[1].BrokenPictures));
        Assert.All(report.Rows[1].Pictures.Pixels[144..288], p => Assert.Equal(0, p));
        Assert.True(double.IsFinite(report.Rows[1].Psnr));
    }

    [Fact]
    public void PicturesThatChangeBetweenSweepsAreReported()
    {
        var calls = 0;
        using var drifting = Denoiser.From(ToyNetwork.Info, (x, _, _) => x * (1 + (0.001f * calls++)));

        var report = Run(new Comparison("4 steps", ToyNetwork.Sample(_network, 4)).Variant("drift", "always", ToyNetwork.Sample(drifting, 4)).Repeats(2), _request);

        Assert.True(report.Rows[0].Reproducible);
        Assert.False(report.Rows[1].Reproducible);
    }

    [Fact]
    public void AFailureNamesItsSampler()
    {
        using var failing = Denoiser.From(ToyNetwork.Info, (_, _, _) => throw new InvalidOperationException("out of luck"));
        var comparison = new Comparison("4 steps", ToyNetwork.Sample(_network, 4)).Variant("failing", "always", ToyNetwork.Sample(failing, 4));

        var error = Assert.Throws<InvalidOperationException>(() => Run(comparison, _request));

        Assert.Contains("failing, always", error.Message);
        Assert.IsType<SamplingException>(error.InnerException);
    }

    [Fact]
    public void ResultsThatAreNoPicturesAreRefused()
    {
        var comparison = new Comparison("4 steps", ToyNetwork.Sample(_network, 4)).Pixels(new(-1, 1), x => x[0]);

        Assert.Contains("[1, 12, 12]", Assert.Throws<InvalidOperationException>(() => Run(comparison, _request)).Message);
    }

    [Fact]
    public void WhatCannotBeComparedIsRefusedBeforeAnythingRuns()
    {
        var called = false;
        var comparison = new Comparison("4 steps", ToyNetwork.Sample(ToyNetwork.Make(() => called = true), 4));

        Assert.Throws<ArgumentException>(() => Run(comparison.Classify(_ => [], [1, 2]), _request));
        Assert.Throws<ArgumentOutOfRangeException>(() => comparison.Pixels(new(1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => comparison.Repeats(0));
        Assert.False(called);
    }

    [Fact]
    public void SweepsThatDoNotFitTheTimeAreLeftOutExceptTheFirst()
    {
        var comparison = new Comparison("4 steps", ToyNetwork.Sample(_network, 4)).Repeats(3);

        Assert.Equal(1, Run(comparison.Within(TimeSpan.FromTicks(1)), _request).Sweeps);
        Assert.Equal(3, Run(comparison.Within(TimeSpan.MaxValue), _request).Rows[0].Seconds.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => comparison.Within(TimeSpan.Zero));
    }

    [Fact]
    public void CancellationStopsIt()
    {
        using var stop = new CancellationTokenSource();
        var comparison = new Comparison("12 steps", ToyNetwork.Sample(_network, 12));

        Assert.ThrowsAny<OperationCanceledException>(() => comparison.Run(_request, new Listener(p =>
        {
            if (p.Done == 5)
            {
                stop.Cancel();
            }
        }), stop.Token));
    }

    private static ComparisonReport Run(Comparison comparison, SamplingRequest request, IProgress<ComparisonProgress>? progress = null) =>
        comparison.Run(request, progress, TestContext.Current.CancellationToken);

    private SamplingResult Generate(Sampler sampler) => sampler.Generate(_request, cancellation: TestContext.Current.CancellationToken);

    private sealed class Listener(Action<ComparisonProgress> heard) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value) => heard(value);
    }
}
