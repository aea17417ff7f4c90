namespace Acceleration.Models;

/// <summary>
/// Costs of what works on image and text tokens, in terms of the image tokens alone: the text has its usual length.
/// </summary>
/// <param name="text">Usual number of text tokens.</param>
internal sealed class JointCost(double text)
{
    /// <summary>Linear layers of both streams.</summary>
    /// <param name="image">Multiply-adds of an image token.</param>
    /// <param name="ofText">Multiply-adds of a text token.</param>
    public CostModel Tokens(double image, double ofText) => new(text * ofText, image);

    /// <summary>Attention of all tokens to all: scores and sums.</summary>
    /// <param name="width">heads·head_dim.</param>
    public CostModel Pairs(double width) => new(2 * width * text * text, 4 * width * text, 2 * width);

    /// <summary>Attention of image tokens to text tokens: scores and sums.</summary>
    /// <param name="width">heads·head_dim.</param>
    public CostModel Across(double width) => new(0, 2 * width * text);
}
