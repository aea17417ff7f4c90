namespace Acceleration.Tests.Docs;

/// <summary>
/// Reuses attention between every n-th step, in the middle of the trajectory and not in the first blocks: the idea of Pyramid Attention Broadcast
/// (Zhao et al., 2024, arXiv 2408.12588).
/// </summary>
[Entry("attentionBroadcast", "AB")]
public sealed record AttentionBroadcast(
    [property: InTag] int Every, [property: InTag("from")] double Start = 0.1, [property: InTag("to")] double End = 0.9, [property: InTag("b")] int FirstBlock = 1) : CacheMethod
{
    public override IReadOnlyList<Cached> Parts => [new(Where.Attention.InBlocks(FirstBlock), new Window(Every, Start, End), How.LastValue)];
}

/// <summary>Skips all but every n-th step within a part of the trajectory.</summary>
[Entry("window", "window")]
public sealed record Window(int Every, [property: InTag("from")] double Start, [property: InTag("to")] double End) : StaticWhen
{
    [InTag]
    [AtLeast(1)]
    public int Every { get; init => field = AtLeastOne(value); } = AtLeastOne(Every);

    public override bool Skips(StepInfo step) => step.Progress >= Start && step.Progress < End && step.Index % Every != 0;

    private static int AtLeastOne(int every) => every >= 1 ? every : throw new ArgumentOutOfRangeException(nameof(Every), every, "Must be at least 1.");
}
