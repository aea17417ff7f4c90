namespace Acceleration;

/// <summary>Multiply-adds of one row at a site: PerRow + PerToken·n + PerPair·n² for n tokens.</summary>
/// <param name="PerRow">Work that does not depend on the token count (modulation, embeddings).</param>
/// <param name="PerToken">Work per token (projections, feed-forward).</param>
/// <param name="PerPair">Work per pair of tokens (attention scores and their sum: 2·heads·head_dim).</param>
public readonly record struct CostModel(double PerRow, double PerToken = 0, double PerPair = 0)
{
    /// <summary>Multiply-adds of one row with <paramref name="tokens"/> tokens.</summary>
    public double MultiplyAdds(long tokens) => PerRow + (PerToken * tokens) + (PerPair * tokens * tokens);

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

    /// <summary>Cost of doing both.</summary>
    public static CostModel operator +(CostModel a, CostModel b) =>
        new(a.PerRow + b.PerRow, a.PerToken + b.PerToken, a.PerPair + b.PerPair);

    /// <summary>Cost of doing it several times.</summary>
    public static CostModel operator *(CostModel a, double times) => new(a.PerRow * times, a.PerToken * times, a.PerPair * times);

    /// <summary>
    /// The cost, in terms of n tokens, of what runs on n·<paramref name="share"/> tokens: 0.25 for the inside of a UNet's cut, which halves both sides. A site's cost is stated
    /// for the tokens of the layout that holds where it is raised.
    /// </summary>
    public CostModel OnShare(double share) => new(PerRow, PerToken * share, PerPair * share * share);
}
