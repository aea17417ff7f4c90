namespace Acceleration;

/// <summary>
/// LeMiCa (2025, arXiv 2511.00090): all blocks run in steps that were chosen at once for the whole run, by what the picture loses where only the steps between two of them are skipped (<see cref="LexicographicPath"/>). One tensor is held.
/// </summary>
/// <param name="Steps">The computed steps: 0-based, strictly ascending, beginning with 0.</param>
[Entry("leMiCa", "LEMICA")]
public sealed record LeMiCa(IReadOnlyList<int> Steps) : CacheMethod
{
    /// <summary>The computed steps.</summary>
    [InTag]
    [Ordered(First = 0)]
    public IReadOnlyList<int> Steps { get; init => field = new AtSteps(value).Steps; } = new AtSteps(Steps).Steps;

    /// <summary>What is skipped.</summary>
    [InTag("in")]
    public Where Where { get; init; } = Where.Chain;

    /// <summary>How it is made up.</summary>
    [InTag(":")]
    public IHow How { get; init; } = Acceleration.How.LastResidual;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where, new AtSteps(Steps), How)];

    /// <summary>The best choice of steps by measured errors.</summary>
    /// <param name="errors">[steps, steps]: entry [i, j], i &lt; j, is the error of the result where steps i and j are computed and those between them are not; NaN where that was not measured.</param>
    /// <param name="computed">How many steps are computed, the first and the last among them.</param>
    /// <exception cref="ArgumentException">The matrix is not square, or an error is negative.</exception>
    /// <exception cref="InvalidOperationException">So few steps need longer segments than are known.</exception>
    public static LeMiCa From(double[,] errors, int computed) => new(LexicographicPath.Of(errors, computed));
}
