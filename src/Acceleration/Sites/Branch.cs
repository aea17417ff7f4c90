namespace Acceleration;

/// <summary>The guidance branches of a row.</summary>
public static class Branch
{
    /// <summary>The guided prediction itself: rows of the prediction site.</summary>
    public const int Guided = -1;

    /// <summary>The conditional branch, on which decisions are taken.</summary>
    public const int Conditional = 0;

    /// <summary>The unconditional or negative branch.</summary>
    public const int Unconditional = 1;

    /// <summary>The first of a request's further conditions (<see cref="SamplingRequest.Others"/>). Branches between the unconditional one and this change the network, not what it is told.</summary>
    public const int FirstOther = 16;

    /// <summary>The branch of a further condition of a request.</summary>
    /// <param name="index">Its place in <see cref="SamplingRequest.Others"/>, from 0.</param>
    public static int Other(int index) => FirstOther + Require.AtLeast(0, index, nameof(index));

    internal static string Name(int branch) => branch switch
    {
        Guided => "guided",
        Conditional => "cond",
        Unconditional => "uncond",
        >= FirstOther => $"other{branch - FirstOther}",
        _ => $"branch{branch}",
    };
}
