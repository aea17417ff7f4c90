namespace Acceleration;

/// <summary>When the result of a sample depends on the samples beside it in a batch.</summary>
public enum BatchDependence
{
    /// <summary>Never: a batch equals its single runs, up to rounding.</summary>
    None,

    /// <summary>Once samples have decided differently: see <see cref="Requirements.DecidesPerSample"/>.</summary>
    WhereSamplesDiffer,

    /// <summary>Always: the samples decide together.</summary>
    Always,
}
