using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Tool;

/// <summary>ScalingCache: how far the line through the last two outputs should be followed.</summary>
internal sealed class DampingCalibrator(SamplerBuilder builder, CalibrateTuning tuning, long memory)
    : RecordedCalibrator<RecordedDamping>(builder, new(tuning.At(Where.Prediction), tuning.Interval ?? UsualInterval), tuning, memory)
{
    private const int UsualInterval = 3;

    public override Learned Learn()
    {
        var method = Statistic.Fit();
        var factors = Statistic.Factors();
        int[] computed = [.. StaticSteps.Computed((StaticWhen)method.When, Plain)];
        MeasuredLine Line(string name, Func<int, double> factor) => MeasuredLine.Over(name, Statistic.Errors(factor).Select(e => Math.Sqrt(Math.Max(0, e))), 1);
        return new(
            method,
            Invariant($"factors {string.Join(", ", factors.Select(f => Invariant($"{f:0.000}")))} for {(factors.Count == 1 ? "1 step" : Invariant($"1 to {factors.Count} steps"))} since the last computed one"),
            Invariant($"{computed.Length} of {Steps} steps at {method.Where}"),
            new($"ScalingCache: relative error of what is made at {method.Where}", "steps since the last computed one", "error (rms)")
            {
                Lines = [Line("last output", _ => 0), Line("line", _ => 1), Line("damped line", i => factors[i])],
                Strips = [new(method.Where.Tag, computed)],
                Steps = Steps,
                IsOverSteps = false,
            });
    }
}
