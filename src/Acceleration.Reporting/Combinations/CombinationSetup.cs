namespace Acceleration.Reporting;

/// <summary>What all runs of a study of combinations have in common: with it and a run's tag the run can be made again.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="DType">Type of its products, for example <c>Float32</c>.</param>
/// <param name="Baseline">Tag of the sampler whose pictures are the reference.</param>
/// <param name="Seed">Seed of the first picture; picture i has seed + i.</param>
/// <param name="Labels">Class of each picture.</param>
/// <param name="Machine">Where it was measured.</param>
public sealed record CombinationSetup(string Network, string DType, string Baseline, long Seed, IReadOnlyList<long> Labels, MachineInfo Machine)
{
    /// <summary>Version of the file.</summary>
    public int Schema { get; init; } = 1;
}
