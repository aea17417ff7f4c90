namespace Acceleration;

/// <summary>What was looked at.</summary>
internal enum FiniteSource
{
    /// <summary>The latents a request brings.</summary>
    First,

    /// <summary>Output of the network, or what a strategy put in its place.</summary>
    Network,

    /// <summary>The prediction after guidance.</summary>
    Guided,

    /// <summary>Latents after the solver's update.</summary>
    Update,
}
