namespace Acceleration;

/// <summary>The blocks that are left out from a step on.</summary>
/// <param name="Step">The step, 0 the noisiest.</param>
/// <param name="First">First block that is left out.</param>
/// <param name="Blocks">How many are; 0 for none.</param>
public sealed record RangeStep(int Step, int First, int Blocks)
{
    /// <summary>The step.</summary>
    [InTag]
    [AtLeast(0)]
    public int Step { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Step, nameof(Step));

    /// <summary>First block that is left out.</summary>
    [InTag("from")]
    [AtLeast(0)]
    public int First { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, First, nameof(First));

    /// <summary>How many are.</summary>
    [InTag("n")]
    [AtLeast(0)]
    public int Blocks { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Blocks, nameof(Blocks));
}
