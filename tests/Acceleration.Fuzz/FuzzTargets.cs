namespace Acceleration.Fuzz;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    /// <param name="folder">Where they may write.</param>
    public static IReadOnlyList<IFuzzTarget> In(string folder) =>
    [
        new SafetensorsTarget(folder),
        new ShardIndexTarget(folder),
        new RunStoreTarget(folder),
        new SessionTarget(folder),
        new DiTTarget(folder),
        new DiTConfigTarget(folder),
        new TokenizerTarget(folder),
        new PlanJsonTarget(),
        new TagTarget(),
        new SchedulerTarget(),
        new SamplingTarget(folder),
        new GoldenTarget(folder),
        new CommandLineTarget(folder),
        new OnnxTarget(folder),
        new ManifestTarget(folder),
    ];
}
