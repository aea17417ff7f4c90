using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Tool;

/// <summary>SmoothCache: what reuse costs each kind of branch.</summary>
internal sealed class ReuseCalibrator(SamplerBuilder builder, CalibrateTuning tuning, long memory)
    : RecordedCalibrator<RecordedReuse>(builder, new(tuning.Lookback ?? PublishedLookback), tuning, memory)
{
    private const int PublishedLookback = 3;
    private const double PublishedThreshold = 0.18;

    public override Learned Learn()
    {
        var threshold = Tuning.Budget is null ? Tuning.Threshold ?? PublishedThreshold : Reached("--budget", () => Statistic.ThresholdFor(Budget(Steps)));
        var method = Statistic.Fit(threshold);
        var lines = Statistic.Kinds.SelectMany(k => Enumerable.Range(0, Statistic.Lookback).Select(j => MeasuredLine.Over($"{k}, {j + 1} later", Enumerable.Range(0, Steps).Select(i => Statistic.Errors(k)[j, i])))).ToArray();
        double[] next = [.. Statistic.Kinds.SelectMany(k => Enumerable.Range(0, Steps - 1).Select(i => Statistic.Errors(k)[0, i]))];
        return new(
            method,
            Invariant($"{string.Join(", ", Statistic.Kinds)}: reuse one step later costs {100 * next.DefaultIfEmpty(0).Min():0.00} to {100 * next.DefaultIfEmpty(0).Max():0.00} %"),
            Invariant($"{string.Join(", ", Statistic.Kinds.Zip(method.Schedules, (k, s) => Invariant($"{k} {s.Steps.Count}")))} of {Steps} steps, threshold {threshold:0.######}"),
            new("SmoothCache: relative error of reused outputs", "step that is reused", "error, mean over branches")
            {
                Lines = lines,
                Level = threshold,
                Strips = [.. Statistic.Kinds.Zip(method.Schedules, (k, s) => new StepStrip(k.ToString(), s.Steps))],
                Steps = Steps,
            });
    }
}
