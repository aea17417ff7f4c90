namespace Acceleration;

/// <summary>The rows of a step: for each branch the samples it is evaluated for.</summary>
/// <param name="Branches">The conditional branch first, with all samples, unless the policy has another output stand for it.</param>
public sealed record BranchPlan(IReadOnlyList<(int Branch, IReadOnlyList<int> Samples)> Branches)
{
    /// <summary>Every wanted branch for every sample.</summary>
    public static BranchPlan All(IReadOnlyList<int> samples, IReadOnlyList<int> wanted) => new([.. wanted.Select(b => (b, samples))]);
}
