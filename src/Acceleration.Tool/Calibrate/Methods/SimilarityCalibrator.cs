using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Tool;

/// <summary>Step Rehash: in which steps a UNet's inner levels are alike enough to be reused.</summary>
internal sealed class SimilarityCalibrator(SamplerBuilder builder, CalibrateTuning tuning, long memory)
    : RecordedCalibrator<RecordedChanges>(builder, new(Where.Cut(tuning.Cut ?? UsualCut)), tuning, memory)
{
    private const int UsualCut = 2;
    private const double PublishedLeast = 0.95;
    private const int ShownDistances = 3;

    public override Learned Learn()
    {
        var (similarity, least, skip) = (Statistic.Sites[0].Similarity, Tuning.Threshold ?? PublishedLeast, Tuning.MaxSkip ?? 1);
        var method = new StepRehash(Tuning.Cut ?? UsualCut) { Steps = StepSimilarity.Steps(similarity, least, skip) };
        double[] next = [.. Enumerable.Range(1, Steps - 1).Select(i => similarity[i - 1, i])];
        return new(
            method,
            Invariant($"cosine to the step before {next.DefaultIfEmpty(1).Min():0.0000} to {next.DefaultIfEmpty(1).Max():0.0000} at {Statistic.Sites[0].Site}"),
            Invariant($"{method.Steps!.Count} of {Steps} steps of what lies below, at least {least:0.####} alike, {skip} in a row"),
            new($"Step Rehash: how alike the output of {Statistic.Sites[0].Site} is to that of steps before", "step", "cosine")
            {
                Lines = [.. Enumerable.Range(1, Math.Min(ShownDistances, Steps - 1)).Select(d => MeasuredLine.Over(d == 1 ? "1 step before" : $"{d} steps before", Enumerable.Range(d, Steps - d).Select(i => similarity[i - d, i]), d))],
                Level = least,
                Strips = [new("inner levels", method.Steps)],
                Steps = Steps,
            });
    }
}
