namespace Acceleration;

/// <summary>
/// Step Rehash of Streamlined Inference (Zhan et al., 2024, arXiv 2411.01171), reconstructed: every second step of a UNet takes what its inner levels made in the step before, at most once in a row. The published code does not hold it;
/// this is the reading of its figures and tables. One tensor is held.
/// </summary>
/// <param name="Cut">The skip connection below which all is taken from the step before: the one where the outermost level begins, that is the number of layers in a level of the network.</param>
[Entry("stepRehash", "REHASH")]
public sealed record StepRehash(int Cut = 2) : CacheMethod
{
    /// <summary>The skip connection.</summary>
    [InTag]
    [AtLeast(0)]
    public int Cut { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Cut, nameof(Cut));

    /// <summary>Steps that are computed, 0 the first of them: from a measured similarity of steps. Null for every second one and the last: 13 of 25.</summary>
    [InTag("at")]
    [Ordered(First = 0)]
    public IReadOnlyList<int>? Steps { get; init => field = value is null ? null : new AtSteps(value).Steps; }

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where.Cut(Cut), Steps is { } steps ? new AtSteps(steps) : new Interval(2), How.LastValue)];

    /// <summary>Its steps by how alike features are, measured in a recorded run (<see cref="StepSimilarity"/>).</summary>
    /// <param name="similarity">[steps, steps]: how alike the features at the cut are in steps i and j ≥ i, their cosine.</param>
    /// <param name="cut">The skip connection.</param>
    /// <param name="least">ρ: what is less alike is computed. Above 1 all steps are.</param>
    /// <param name="mostReused">Most steps in a row that reuse, at least 0; published 1.</param>
    /// <exception cref="ArgumentException">The matrix is not square, or an entry on or above the diagonal is not finite.</exception>
    public static StepRehash FromSimilarity(double[,] similarity, int cut = 2, double least = 0.95, int mostReused = 1) => new(cut) { Steps = StepSimilarity.Steps(similarity, least, mostReused) };
}
