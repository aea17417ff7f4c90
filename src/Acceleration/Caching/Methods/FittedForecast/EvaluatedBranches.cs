namespace Acceleration;

/// <summary>What a span of <see cref="FittedForecast"/> evaluates in its first step.</summary>
public enum EvaluatedBranches
{
    /// <summary>All branches that guidance asks for.</summary>
    [TagWord("all")]
    All,

    /// <summary>The conditional branch alone.</summary>
    [TagWord("cond")]
    Conditional,

    /// <summary>Nothing: the span lives on the latents alone, as far as nothing has been evaluated before. At high noise an ε-prediction is nearly a multiple of them.</summary>
    [TagWord("none")]
    None,
}
