namespace Acceleration;

/// <summary>
/// Dynamic mode decomposition, as cache-dit has it for diffusion: the last computed values, evenly spaced, are taken for sums of modes that grow, shrink and turn by a factor from one to the next, and each is continued by its factor. Exact
/// for sums of fewer exponentials than there are values, each with a pattern of its own. Where fewer than four values lie evenly, a polynomial goes through the last ones. Between two computed steps 2·n² numbers are read back from the device once for each place: at the
/// chain or the network, not at every branch.
/// </summary>
/// <param name="Quantity">Output, or output − input.</param>
/// <param name="Snapshots">n: values that are kept, 4 to 12. Published: 6.</param>
[Entry("dynamicModes", "modes")]
public sealed record DynamicModes(Quantity Quantity, int Snapshots = 6) : IHow
{
    /// <summary>Values that lie evenly, at least, for modes to be taken of them.</summary>
    internal const int Fewest = 4;
    private const int Most = 12;

    /// <inheritdoc/>
    [InTag]
    public Quantity Quantity { get; init; } = Quantity;

    /// <summary>n: values that are kept.</summary>
    [InTag("n")]
    [Within(Fewest, Most)]
    public int Snapshots { get; init => field = Require.Within(Fewest, Most, value); } = Require.Within(Fewest, Most, Snapshots, nameof(Snapshots));

    /// <summary>Order of the polynomial where there are no modes, 0 to 3.</summary>
    [InTag("o")]
    [Within(0, Fewest - 1)]
    public int Order { get; init => field = Require.Within(0, Fewest - 1, value); } = 1;

    /// <summary>Whether modes may grow, as published; else a growing mode keeps its size.</summary>
    [InTag("g")]
    public bool Grows { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    int IHow.Entries => Snapshots;

    /// <inheritdoc/>
    public IHowRun Begin(RunInfo info, RunStore store) => new DynamicModesRun(this, store);
}
