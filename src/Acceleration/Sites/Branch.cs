namespace Acceleration;

/// <summary>The guidance branches of a row. Those that are no condition of their own, from <see cref="SkipLayer"/> on and from <see cref="FirstFree"/> on, see the conditional branch's condition.</summary>
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

    /// <summary>The first of a request's further conditions (<see cref="SamplingRequest.Others"/>).</summary>
    public const int FirstOther = 16;

    /// <summary>From here on numbers are free for branches of strategies of your own.</summary>
    public const int FirstFree = 100;

    /// <summary>The branch of a further condition of a request.</summary>
    /// <param name="index">Its place in <see cref="SamplingRequest.Others"/>, from 0; below <see cref="FirstFree"/> − <see cref="FirstOther"/>.</param>
    public static int Other(int index) => FirstOther + Require.Within(0, FirstFree - FirstOther - 1, index, nameof(index));

    /// <summary>Whether a branch is a further condition's.</summary>
    internal static bool IsOther(int branch) => branch is >= FirstOther and < FirstFree;

    /// <summary>How it is written in code, for messages.</summary>
    internal static string Code(int branch) => branch switch
    {
        Guided => $"{nameof(Branch)}.{nameof(Guided)}",
        Conditional => $"{nameof(Branch)}.{nameof(Conditional)}",
        Unconditional => $"{nameof(Branch)}.{nameof(Unconditional)}",
        SkipLayer => $"{nameof(Branch)}.{nameof(SkipLayer)}",
        PerturbedAttention => $"{nameof(Branch)}.{nameof(PerturbedAttention)}",
        SmoothedEnergy => $"{nameof(Branch)}.{nameof(SmoothedEnergy)}",
        Weak => $"{nameof(Branch)}.{nameof(Weak)}",
        _ when IsOther(branch) => $"{nameof(Branch)}.{nameof(Other)}({branch - FirstOther})",
        _ => $"{branch}",
    };

    internal static string Name(int branch) => branch switch
    {
        Guided => "guided",
        Conditional => "cond",
        Unconditional => "uncond",
        SkipLayer => "skip",
        PerturbedAttention => "pag",
        SmoothedEnergy => "seg",
        Weak => "weak",
        _ when IsOther(branch) => $"other{branch - FirstOther}",
        _ => $"branch{branch}",
    };
}
