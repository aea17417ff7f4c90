namespace Acceleration;

/// <summary>What the mixed prediction of <see cref="DualFast"/> stands for.</summary>
public enum MixedPart
{
    /// <summary>
    /// The solver's first-order term; in solvers that correct (UniPC) the newest prediction wherever predictor and corrector use it, differences to older ones included. What is remembered for later steps is not mixed.
    /// </summary>
    [TagWord("newest")]
    Newest,

    /// <summary>The first-order term alone, whatever the solver.</summary>
    [TagWord("lead")]
    Leading,

    /// <summary>Everything, what the solver remembers for later steps included.</summary>
    [TagWord("all")]
    All,
}
