using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Tool;

/// <summary>The blocks that change their input least, after EfficientVLA's ranking, left out between full steps.</summary>
internal sealed class ImportanceCalibrator(SamplerBuilder builder, CalibrateTuning tuning, long memory)
    : RecordedCalibrator<RecordedImportance>(builder, new(), tuning, memory)
{
    private const int UsualInterval = 2;

    public override Learned Learn()
    {
        var scores = Statistic.Scores;
        var count = Tuning.Blocks ?? Math.Max(1, scores.Count / 2);
        if (count > scores.Count)
        {
            throw new ToolException($"--blocks: {Plain.Denoiser.Info.Name} has {scores.Count} blocks, so at most so many can be left out, not {count}.");
        }

        var (least, interval) = (Statistic.Least(count), Tuning.Interval ?? UsualInterval);
        var method = new Cached(Where.Chain, new Interval(interval), How.LastResidual) { Range = new ListedBlocks(least) };
        int[] computed = [.. StaticSteps.Computed((StaticWhen)method.When, Plain)];
        return new(
            method,
            Invariant($"{scores.Count} blocks, 1 − cosine of input and output {scores.Min(s => s.Score):0.0000} (block {scores.MinBy(s => s.Score).Block.Block}) to {scores.Max(s => s.Score):0.0000} (block {scores.MaxBy(s => s.Score).Block.Block})"),
            Invariant($"blocks {string.Join(", ", least)} in {computed.Length} of {Steps} steps, the others in all"),
            new("Importance of blocks: how much each turns what it is given", "block", "1 − cosine of input and output")
            {
                Lines = [MeasuredLine.Over("mean over steps, tokens and rows", scores.Select(s => s.Score))],
                Strips = [.. scores.Select(s => new StepStrip(s.Block.Path, least.Contains(s.Block.Block!.Value) ? computed : [.. Enumerable.Range(0, Steps)]))],
                Steps = Steps,
                IsOverSteps = false,
            });
    }
}
