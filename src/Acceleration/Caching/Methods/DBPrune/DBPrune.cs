namespace Acceleration;

/// <summary>
/// DBPrune (cache-dit): every block decides for itself, and adds what it added when it was last computed while its input has moved little since. One read from the device for each block: for networks whose blocks are long. For each
/// block a tensor of each branch and one more of the sample are held.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips.</param>
/// <param name="Front">F: blocks at the front that always run. Published: 8.</param>
/// <param name="Blocks">Blocks behind these that may be left out; null for all that follow. Published: all but 0 to 8 at the end.</param>
[Entry("dbPrune", "PRUNE")]
public sealed record DBPrune(double Threshold = 0.08, int Front = 8, int? Blocks = null) : CacheMethod
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>F: blocks at the front that always run.</summary>
    [InTag("f")]
    [AtLeast(0)]
    public int Front { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Front, nameof(Front));

    /// <summary>Blocks behind these that may be left out.</summary>
    [InTag("b")]
    [AtLeast(1)]
    public int? Blocks { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Blocks, nameof(Blocks));

    /// <summary>Further blocks that always run, ascending; null for none.</summary>
    [InTag("n")]
    [Ordered]
    public IReadOnlyList<int>? Never { get; init => field = value is null ? null : ListedBlocks.Ascending(value); }

    /// <summary>W: computed steps at the start. Published: 8.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int Warmup { get; init => field = Require.AtLeast(0, value); } = 8;

    /// <summary>Most steps in a row that a block is left out; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); }

    /// <summary>r: the threshold of a block is r times the mean change of the first five blocks of the step, if that lies between τ and <see cref="MostRelaxed"/> (<see cref="InputChange.Relax"/>); null for τ throughout. Published: 1.25 where it is dynamic.</summary>
    [InTag("r")]
    [AtLeast(0)]
    public double? Relax { get; init => field = value is { } r ? Require.AtLeast(0.0, r) : null; }

    /// <summary>The bound of a relaxed threshold; null for twice τ, as published.</summary>
    [InTag("u")]
    [AtLeast(0)]
    public double? MostRelaxed { get; init => field = value is { } most ? Require.AtLeast(0.0, most) : null; }

    /// <summary>One in so many tokens is measured, at least 1. Published: 1.</summary>
    [InTag("s")]
    [AtLeast(1)]
    public int Stride { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No block is left that may be skipped.</exception>
    public override IReadOnlyList<Cached> Parts => [new(Pruned, new InputChange(Threshold, Warmup, Tail: 0) { MaxSkip = MaxSkip, EachSite = true, Stride = Stride, Relax = Relax, MostRelaxed = MostRelaxed }, How.LastResidual)];

    /// <summary>The runs of blocks between those that always run.</summary>
    private Where Pruned
    {
        get
        {
            List<Where> runs = [];
            int? end = Blocks is { } blocks ? (int)Math.Min(int.MaxValue, (long)Front + blocks) : null;
            var from = Front;
            foreach (var never in (Never ?? []).Where(b => b >= Front && !(b >= end)))
            {
                Add(from, never);
                from = never + 1;
            }

            Add(from, end);
            return runs.Count > 0 ? runs.Aggregate((a, b) => a.Or(b)) : throw new ArgumentException($"{Tag} leaves no block that may be skipped: all {Blocks} behind the first {Front} are among those that never are.", nameof(Never));

            void Add(int first, int? behind)
            {
                if (!(behind <= first))
                {
                    runs.Add(Where.Blocks.InBlocks(first, behind));
                }
            }
        }
    }
}
