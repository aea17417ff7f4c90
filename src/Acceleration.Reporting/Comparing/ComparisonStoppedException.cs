namespace Acceleration.Reporting;

/// <summary>A comparison was cancelled; what had been measured by then is not lost.</summary>
public sealed class ComparisonStoppedException : OperationCanceledException
{
    internal ComparisonStoppedException(ComparisonReport? partial, OperationCanceledException inner)
        : base("The comparison was stopped.", inner, inner.CancellationToken) => Partial = partial;

    /// <summary>The samplers measured so far, each as often as the least measured one; null where the baseline had not been measured once.</summary>
    public ComparisonReport? Partial { get; }
}
