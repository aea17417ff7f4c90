namespace Acceleration;

/// <summary>Which earlier predictions an estimate of <see cref="LinearAG"/> is a sum of.</summary>
public enum LinearForm
{
    /// <summary>All of them: c_0 to c_k and u_0 to u_(k−1), as published.</summary>
    Full,

    /// <summary>The newest three: c_k, c_(k−1) and u_(k−1). Less is remembered, and fewer trajectories fit it.</summary>
    ThreeTerm,
}
