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

    internal static string Name(int branch) => branch switch
    {
        Guided => "guided",
        Conditional => "cond",
        Unconditional => "uncond",
        _ => $"branch{branch}",
    };
}
