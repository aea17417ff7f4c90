namespace Acceleration;

/// <summary>What Adaptive Guidance compares. The same threshold means very different things in different spaces.</summary>
public enum MetricSpace
{
    /// <summary>Predicted clean samples.</summary>
    X0,

    /// <summary>Predicted noise: on large latent models close to 1 from the start.</summary>
    [TagWord("eps")]
    Epsilon,

    /// <summary>v = α·ε − σ·x0, or ε − x0 for flow networks.</summary>
    [TagWord("v")]
    Velocity,

    /// <summary>Whatever the network returns.</summary>
    [TagWord("out")]
    ModelOutput,
}
