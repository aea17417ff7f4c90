using static System.FormattableString;

namespace Acceleration.Tool;

/// <summary>TeaCache: the polynomial from the change of a signal to that of the output.</summary>
internal sealed class SignalCalibrator(SamplerBuilder builder, CalibrateTuning tuning, long memory)
    : RecordedCalibrator<RecordedSignals>(builder, new(SignalOf(builder.Network)), tuning, memory)
{
    private const int PublishedDegree = 4;
    private const int CurvePoints = 120;

    public override Learned Learn()
    {
        var degree = Tuning.Degree ?? PublishedDegree;
        var method = Tuning.Threshold is { } threshold
            ? Reached("--degree", () => Statistic.Fit(threshold, degree))
            : Reached(Tuning.Budget is null ? "--degree" : "--budget", () => Statistic.FitTo(Budget((Steps + 1) / 2), degree));
        var pairs = Statistic.Pairs;
        var (least, most) = (pairs.Min(p => p.Signal), pairs.Max(p => p.Signal));
        var off = Math.Sqrt(pairs.Average(p => Math.Pow(p.Output - ChangePolynomial.At(method.Coefficients, p.Signal), 2)));
        return new(
            method,
            Invariant($"{pairs.Count} pairs of changes, signal {least:0.0000} to {most:0.0000}, output {pairs.Min(p => p.Output):0.0000} to {pairs.Max(p => p.Output):0.0000}; the polynomial is off by {off:0.0000} (rms)"),
            Invariant($"{Statistic.Computed(method):0.0} of {Steps} steps of all blocks on the recorded runs, threshold {method.Threshold:0.######}"),
            new($"TeaCache: relative change from step to step, {Statistic.On}", "change of the signal", "change of the output")
            {
                IsOverSteps = false,
                Lines =
                [
                    new("measured", pairs) { IsDots = true },
                    new(Invariant($"polynomial, degree {degree}"), [.. Enumerable.Range(0, CurvePoints + 1).Select(i => double.Lerp(least, most, (double)i / CurvePoints)).Select(x => (x, ChangePolynomial.At(method.Coefficients, x)))]),
                ],
            });
    }

    /// <summary>The signal as published for most networks; the time embedding where there is no other.</summary>
    private static Signal SignalOf(DenoiserInfo network) => network.Signals.Contains(Signal.ModulatedInput) || network.Signals.Count == 0 ? Signal.ModulatedInput : network.Signals[0];
}
