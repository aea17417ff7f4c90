using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Tool;

/// <summary>MagCache: how the magnitude of what the blocks add changes from step to step.</summary>
internal sealed class MagnitudeCalibrator(SamplerBuilder builder, CalibrateTuning tuning, long memory)
    : RecordedCalibrator<RecordedMagnitudes>(builder, new(), tuning, memory)
{
    private const double PublishedThreshold = 0.06;
    private const int PublishedSkip = 3;
    private const double PublishedRetention = 0.2;

    public override Learned Learn()
    {
        var (skip, retention) = (Tuning.MaxSkip ?? PublishedSkip, Tuning.Retention ?? PublishedRetention);
        var method = Tuning.Budget is null
            ? Statistic.Fit(Tuning.Threshold ?? PublishedThreshold, skip, retention)
            : Reached("--budget", () => Statistic.FitTo(Budget(Steps), skip, retention));
        var ratios = Statistic.Ratios;
        int[] computed = [.. StaticSteps.Computed((StaticWhen)method.Parts[0].When, Plain)];
        return new(
            method,
            Invariant($"ratio of magnitudes {ratios.Skip(1).DefaultIfEmpty(1).Min():0.0000} to {ratios.Skip(1).DefaultIfEmpty(1).Max():0.0000}"),
            Invariant($"{computed.Length} of {Steps} steps of all blocks, threshold {method.Threshold:0.######}"),
            new("MagCache: magnitude of what the blocks add, as a part of the step before", "step", "ratio")
            {
                Lines = [MeasuredLine.Over("mean", ratios.Skip(1), 1), MeasuredLine.Over("least of a row", Statistic.Least.Skip(1), 1), MeasuredLine.Over("most of a row", Statistic.Most.Skip(1), 1)],
                Level = 1,
                LevelName = "no change,",
                Strips = [new("blocks", computed)],
                Steps = Steps,
            });
    }
}
