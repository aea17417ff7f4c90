namespace Acceleration;

/// <summary>Something in a step is NaN or infinite. The <see cref="SamplingException"/> around it says where.</summary>
public sealed class NonFiniteException : Exception
{
    internal NonFiniteException(FiniteFinding finding)
        : base(finding.ToString()) => (Rows, Strategies) = (finding.Rows, finding.Strategies);

    /// <summary>The samples and branches that are not finite.</summary>
    public IReadOnlyList<RowId> Rows { get; }

    /// <summary>Tags of the strategies that had a part in it; empty where the network or the solver did it alone.</summary>
    public IReadOnlyList<string> Strategies { get; }
}
