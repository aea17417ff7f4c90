using System.Globalization;

namespace Acceleration.Tests.Docs;

/// <summary>
/// Reuses attention between every n-th step, in the middle of the trajectory and not in the first blocks: the idea of Pyramid Attention Broadcast
/// (Zhao et al., 2024, arXiv 2408.12588).
/// </summary>
public sealed record AttentionBroadcast(int Every, double Start = 0.1, double End = 0.9, int FirstBlock = 1) : CacheMethod
{
    public override string Tag => string.Create(CultureInfo.InvariantCulture, $"AB{Every}from{Start}to{End}b{FirstBlock}");

    public override Cached Parts => new(Where.Attention.InBlocks(FirstBlock), new Window(Every, Start, End), How.LastValue);
}

/// <summary>Skips all but every n-th step within a part of the trajectory.</summary>
public sealed record Window(int Every, double Start, double End) : StaticWhen
{
    public int Every { get; init => field = AtLeastOne(value); } = AtLeastOne(Every);

    public override string Tag => string.Create(CultureInfo.InvariantCulture, $"every{Every}from{Start}to{End}");

    public override bool Skips(int step, int steps) => step >= Start * steps && step < End * steps && step % Every != 0;

    private static int AtLeastOne(int every) => every >= 1 ? every : throw new ArgumentOutOfRangeException(nameof(Every), every, "Must be at least 1.");
}
