namespace Acceleration.Tests.Docs;

/// <summary>The code of docs/strategies.md.</summary>
internal static class StrategiesCode
{
    public static (LayerPruning Pruned, Cached Course, IReadOnlyList<int> Kept) Run(RecordedImportance importance, float[] attention, float[] features, int tokens)
    {
        var pruned = new LayerPruning(importance.Least(2));
        var course = new Cached(Where.Chain, new Interval(3), How.LastResidual) { Range = new RangeSteps([new(0, 2, 2), new(25, 0, 2)]) };
        var kept = VisualTokens.Select(VisualTokens.Scores(attention, tokens), features, keep: 4, best: 1, share: 0.5);
        return (pruned, course, kept);
    }
}
