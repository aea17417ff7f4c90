using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Tool;

/// <summary>InvarDiff: which parts of blocks change so little in which steps that they are repeated.</summary>
internal sealed class ModuleCalibrator(SamplerBuilder builder, CalibrateTuning tuning, long memory)
    : RecordedCalibrator<RecordedModules>(builder, new(tuning.At(Where.Branches)), tuning, memory)
{
    private const double UsualQuantile = 0.5;
    private const int UsualSkip = 3;

    public override Learned Learn()
    {
        var (quantile, changes, sites) = (Tuning.Quantile ?? UsualQuantile, Statistic.Changes, Statistic.Modules);
        var method = Statistic.Fit(quantile, Tuning.MaxSkip ?? UsualSkip);
        var kinds = sites.Index().GroupBy(s => s.Item.Kind).Select(g => MeasuredLine.Over(g.Key.ToString(), Enumerable.Range(1, Steps - 1).Select(i => g.Average(s => changes[s.Index, i])), first: 1));
        double[] all = [.. sites.Index().SelectMany(s => Enumerable.Range(1, Steps - 1).Select(i => changes[s.Index, i]))];
        return new(
            method,
            Invariant($"{sites.Count} parts, change since the step before {100 * all.DefaultIfEmpty(0).Min():0.00} to {100 * all.DefaultIfEmpty(0).Max():0.00} %"),
            Invariant($"{method.Schedules.Average(s => s.Steps.Count):0.0} of {Steps} steps of each part on average, quantile {quantile:0.######}"),
            new("InvarDiff: relative change of outputs since the step before", "step", "change, mean over parts")
            {
                Lines = [.. kinds],
                Strips = [.. sites.Zip(method.Schedules, (s, schedule) => new StepStrip(s.Path, schedule.Steps))],
                Steps = Steps,
            });
    }
}
