namespace Acceleration;

/// <summary>The guidance branches of a row. Those from <see cref="SkipLayer"/> on see the conditional branch's condition; numbers 8 to 15 are left for strategies of your own.</summary>
public static class Branch
{
    /// <summary>The guided prediction itself: rows of the prediction site.</summary>
    public const int Guided = -1;

    /// <summary>The conditional branch, on which decisions are taken.</summary>
    public const int Conditional = 0;

    /// <summary>The unconditional or negative branch.</summary>
    public const int Unconditional = 1;

    /// <summary>The condition's, with layers left out (<see cref="SkipLayerGuidance"/>).</summary>
    public const int SkipLayer = 2;

    /// <summary>The condition's, with attention that sees only itself (<see cref="PerturbedAttentionGuidance"/>).</summary>
    public const int PerturbedAttention = 3;

    /// <summary>The condition's, with blurred attention (<see cref="SmoothedEnergyGuidance"/>).</summary>
    public const int SmoothedEnergy = 4;

    /// <summary>The condition's, by a weaker network (<see cref="AutoGuidance"/>).</summary>
    public const int Weak = 5;

    internal static string Name(int branch) => branch switch
    {
        Guided => "guided",
        Conditional => "cond",
        Unconditional => "uncond",
        SkipLayer => "skip",
        PerturbedAttention => "pag",
        SmoothedEnergy => "seg",
        Weak => "weak",
        _ => $"branch{branch}",
    };
}
