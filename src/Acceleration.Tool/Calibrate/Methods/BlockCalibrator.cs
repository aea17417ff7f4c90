using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Tool;

/// <summary>BAC: the best steps of each part of each block.</summary>
internal sealed class BlockCalibrator(SamplerBuilder builder, CalibrateTuning tuning, long memory)
    : RecordedCalibrator<RecordedChanges>(builder, new(tuning.At(Where.Branches)), tuning, memory)
{
    private const int UsualShare = 5;
    private const int Published = 3;

    public override Learned Learn()
    {
        var (sites, updates) = (Statistic.Sites, Budget(Steps / UsualShare));
        if (Tuning.ForceFrom > Steps)
        {
            throw new ToolException($"--force-from: the run has steps 0 to {Steps - 1}, not {Tuning.ForceFrom}.");
        }

        var method = Statistic.FitBlocks(updates, Tuning.Repaired ?? Published, Tuning.ForceFrom);
        double[] next = [.. sites.SelectMany(s => Enumerable.Range(1, Steps - 1).Select(i => s.Similarity[i - 1, i]))];
        var kinds = sites.GroupBy(s => s.Site.Kind).Select(g => MeasuredLine.Over(g.Key.ToString(), Enumerable.Range(1, Steps - 1).Select(i => g.Average(s => s.Similarity[i - 1, i])), first: 1));
        return new(
            method,
            Invariant($"{sites.Count} parts, cosine to the step before {(next.Length == 0 ? 1 : next.Min()):0.0000} to {(next.Length == 0 ? 1 : next.Max()):0.0000}"),
            Invariant($"{updates} of {Steps} steps of each part, {method.Schedules.Average(s => s.Steps.Count):0.0} on average with the repair of {Math.Min(sites.Count, Tuning.Repaired ?? Published)}"),
            new("BAC: how alike outputs are to those of the step before", "step", "cosine, mean over parts")
            {
                Lines = [.. kinds],
                Strips = [.. sites.Zip(method.Schedules, (s, schedule) => new StepStrip(s.Site.Path, schedule.Steps))],
                Steps = Steps,
            });
    }
}
