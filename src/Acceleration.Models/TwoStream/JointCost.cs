namespace Acceleration.Models;

/// <summary>Costs of what works on image and text tokens in one stream.</summary>
internal static class JointCost
{
    /// <summary>Linear layers of both.</summary>
    /// <param name="image">Multiply-adds of an image token.</param>
    /// <param name="text">Multiply-adds of a text token.</param>
    public static CostModel Tokens(double image, double text) => new(0, image) { PerText = text };

    /// <summary>Attention of all tokens to all, 2·width·(n + t)²: scores and sums.</summary>
    /// <param name="width">heads·head_dim.</param>
    public static CostModel Pairs(double width) => new(0, 0, 2 * width) { PerTextToken = 4 * width, PerTextPair = 2 * width };
}
