using static TorchSharp.torch;

namespace Acceleration.Tests.Docs;

/// <summary>Lets the guidance scale rise from 1 to the combiner's own over the first share of a run's steps.</summary>
/// <param name="Share">Share of the steps, 0 to 1; 0 is no warm-up.</param>
[Entry("warmUpGuidance", "WU")]
public sealed record WarmUpGuidance(double Share) : IStrategy
{
    [InTag]
    [Within(0, 1)]
    public double Share { get; init => field = InRange(value); } = InRange(Share);

    public string Tag => PlanTag.Of(this);

    public Requirements Needs => new() { ChangesGuidance = true, NeverActs = info => info.CombinesBranches ? null : "there is no guidance to warm up; add .Guidance(scale)" };

    public IRun Begin(RunInfo info, RunStore store) => new WarmUpGuidanceRun(Share);

    private static double InRange(double share) => share is >= 0 and <= 1 ? share : throw new ArgumentOutOfRangeException(nameof(Share), share, "Must be from 0 to 1.");
}

internal sealed class WarmUpGuidanceRun(double share) : Run, IGuidanceTerm
{
    // The combined prediction is changed as a whole: before a term is added to it, and before it is rescaled.
    public GuidanceStage Stage => GuidanceStage.Combined;

    public IReadOnlyList<int> Branches(StepInfo step) => [];

    public Value Apply(StepInfo step, Value combined, BranchOutputs outputs)
    {
        var steps = share * step.RunCount;
        if (step.RunIndex >= steps)
        {
            return combined;
        }

        // u + s·(c − u) = c + (s − 1)·(c − u): the distance from the condition's prediction grows with s − 1.
        return combined with { Main = lerp(outputs[Branch.Conditional], combined.Main, step.RunIndex / steps) };
    }
}
