namespace Acceleration;

/// <summary>The published step masks of the cache-dit project, from mild to hard: runs of computed steps that get shorter between runs of steps that may be skipped, as early errors grow and late ones do not. <see cref="StepPatterns.Masked"/> has their steps.</summary>
public enum Scm
{
    /// <summary>18 of 28 steps.</summary>
    Slow,

    /// <summary>15 of 28 steps.</summary>
    Medium,

    /// <summary>11 of 28 steps.</summary>
    Fast,

    /// <summary>8 of 28 steps.</summary>
    Ultra,
}
