namespace Acceleration;

/// <summary>Multiply-adds of one row at a site: PerRow + PerToken·n + PerPair·n² for n tokens.</summary>
/// <param name="PerRow">Work that does not depend on the token count (modulation, embeddings).</param>
/// <param name="PerToken">Work per token (projections, feed-forward).</param>
/// <param name="PerPair">Work per pair of tokens (attention scores and their sum: 2·heads·head_dim).</param>
public readonly record struct CostModel(double PerRow, double PerToken = 0, double PerPair = 0)
{
    /// <summary>Multiply-adds of one row with <paramref name="tokens"/> tokens.</summary>
    public double MultiplyAdds(long tokens) => PerRow + (PerToken * tokens) + (PerPair * tokens * tokens);

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
