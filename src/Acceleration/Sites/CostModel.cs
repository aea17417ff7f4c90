namespace Acceleration;

/// <summary>
/// Multiply-adds of one row at a site, in terms of what it is given: n tokens in F frames, and t tokens of a text. The first three terms, PerRow + PerToken·n + PerPair·n², are all that a network without texts and films needs.
/// </summary>
/// <param name="PerRow">Work that does not depend on the token count (modulation, embeddings).</param>
/// <param name="PerToken">Work per token (projections, feed-forward).</param>
/// <param name="PerPair">Work per pair of tokens (attention scores and their sum: 2·heads·head_dim).</param>
/// <remarks>t is <see cref="DenoiserInfo.TextTokens"/> of the condition of the call, whether the text is part of the stream or apart; F is that of the layout where the site is raised.</remarks>
public readonly record struct CostModel(double PerRow, double PerToken = 0, double PerPair = 0)
{
    /// <summary>Work per token of the text, ·t (its projection, keys and values, its part of a joint stream).</summary>
    public double PerText { get; init; }

    /// <summary>Work per token and token of the text, ·n·t (scores and sums of attention from the one to the other; twice that where both see each other).</summary>
    public double PerTextToken { get; init; }

    /// <summary>Work per pair of tokens of the text, ·t².</summary>
    public double PerTextPair { get; init; }

    /// <summary>Work per pair of tokens of one frame, ·n²/F (attention over space where space and time are apart).</summary>
    public double PerFramePair { get; init; }

    /// <summary>Work per pair of tokens of one place in different frames, ·n·F (attention over time).</summary>
    public double PerPlacePair { get; init; }

    /// <summary>Multiply-adds of one row.</summary>
    /// <param name="tokens">Image tokens over all frames.</param>
    /// <param name="text">Tokens of the text.</param>
    /// <param name="frames">Frames, at least 1.</param>
    public double MultiplyAdds(long tokens, long text = 0, int frames = 1)
    {
        double n = tokens, t = text;
        return PerRow + (PerToken * n) + (PerPair * n * n) + (PerText * t) + (PerTextToken * n * t) + (PerTextPair * t * t) + (PerFramePair * n * n / frames) + (PerPlacePair * n * frames);
    }

    /// <summary>A linear layer on every token.</summary>
    /// <param name="from">Channels it takes.</param>
    /// <param name="to">Channels it returns.</param>
    public static CostModel Linear(long from, long to) => new(0, (double)from * to);

    /// <summary>A convolution that keeps the resolution, one token for each pixel. With a stride it is that of its output: <see cref="OnShare"/> 0.25 for a stride of 2.</summary>
    /// <param name="from">Channels it takes.</param>
    /// <param name="to">Channels it returns.</param>
    /// <param name="kernel">Side of its kernel.</param>
    public static CostModel Conv2d(long from, long to, int kernel = 3) => new(0, (double)kernel * kernel * from * to);

    /// <summary>Self-attention: four projections, scores and their sum.</summary>
    /// <param name="width">Channels, heads × head_dim.</param>
    public static CostModel Attention(long width) => new(0, 4.0 * width * width, 2.0 * width);

    /// <summary>Attention to a text: queries and the projection after it, keys and values of the text, scores and their sum.</summary>
    /// <param name="width">Channels, heads × head_dim.</param>
    /// <param name="textWidth">Channels of a token of the text.</param>
    public static CostModel CrossAttention(long width, long textWidth) => new(0, 2.0 * width * width) { PerText = 2.0 * width * textWidth, PerTextToken = 2.0 * width };

    /// <summary>Cost of doing both.</summary>
    public static CostModel operator +(CostModel a, CostModel b) => new(a.PerRow + b.PerRow, a.PerToken + b.PerToken, a.PerPair + b.PerPair)
    {
        PerText = a.PerText + b.PerText,
        PerTextToken = a.PerTextToken + b.PerTextToken,
        PerTextPair = a.PerTextPair + b.PerTextPair,
        PerFramePair = a.PerFramePair + b.PerFramePair,
        PerPlacePair = a.PerPlacePair + b.PerPlacePair,
    };

    /// <summary>Cost of doing it several times.</summary>
    public static CostModel operator *(CostModel a, double times) => new(a.PerRow * times, a.PerToken * times, a.PerPair * times)
    {
        PerText = a.PerText * times,
        PerTextToken = a.PerTextToken * times,
        PerTextPair = a.PerTextPair * times,
        PerFramePair = a.PerFramePair * times,
        PerPlacePair = a.PerPlacePair * times,
    };

    /// <summary>
    /// The cost, in terms of n tokens, of what runs on n·<paramref name="share"/> tokens: 0.25 for the inside of a UNet's cut, which halves both sides. A site's cost is stated
    /// for the tokens of the layout that holds where it is raised. Frames and text stay what they are.
    /// </summary>
    public CostModel OnShare(double share) => this with
    {
        PerToken = PerToken * share,
        PerPair = PerPair * share * share,
        PerTextToken = PerTextToken * share,
        PerFramePair = PerFramePair * share * share,
        PerPlacePair = PerPlacePair * share,
    };
}
