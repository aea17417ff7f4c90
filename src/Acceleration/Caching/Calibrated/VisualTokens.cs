namespace Acceleration;

/// <summary>
/// EfficientVLA's choice of visual tokens (Yang et al., 2025, arXiv 2506.10100): those the task looks at most, then a share of the next of these, and the rest as unlike the chosen ones as possible. Neither the share nor the attention
/// layer was published.
/// </summary>
public static class VisualTokens
{
    /// <summary>The attention that each visual token is given, the mean over heads and the tokens that look.</summary>
    /// <param name="attention">[heads, looking tokens, visual tokens] in row order: probabilities.</param>
    /// <param name="tokens">Visual tokens, at least 1.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the tokens.</exception>
    public static IReadOnlyList<double> Scores(ReadOnlySpan<float> attention, int tokens)
    {
        Require.AtLeast(1, tokens, nameof(tokens));
        if (attention.Length == 0 || attention.Length % tokens != 0)
        {
            throw new ArgumentException($"Attention is [heads, looking tokens, {tokens}]; got {attention.Length} numbers.", nameof(attention));
        }

        var scores = new double[tokens];
        for (var i = 0; i < attention.Length; i++)
        {
            scores[i % tokens] += attention[i];
        }

        var looks = attention.Length / tokens;
        return Array.ConvertAll(scores, s => s / looks);
    }

    /// <summary>The kept tokens, in their own order.</summary>
    /// <param name="scores">What the task sees in each token.</param>
    /// <param name="features">[tokens, width] in row order.</param>
    /// <param name="keep">K, how many are kept, 1 to all; published 56 and 112 of 256.</param>
    /// <param name="best">How many of the best are kept in any case, 0 to <paramref name="keep"/>; published 4 to 8.</param>
    /// <param name="share">α, the share of the remaining ones that goes to the next best, 0 to 1; 1 keeps the best alone.</param>
    /// <exception cref="ArgumentException">The features are no multiple of the tokens, or a score is not a number.</exception>
    public static IReadOnlyList<int> Select(IReadOnlyList<double> scores, ReadOnlySpan<float> features, int keep, int best = 8, double share = 0.5)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count == 0 || features.Length == 0 || features.Length % scores.Count != 0 || scores.Any(double.IsNaN))
        {
            throw new ArgumentException($"Features are [tokens, width] of the tokens that have scores; got {features.Length} numbers and {scores.Count} scores{(scores.Any(double.IsNaN) ? ", one of which is not a number" : "")}.", nameof(features));
        }

        Require.Within(1, scores.Count, keep, nameof(keep));
        Require.Within(0, keep, best, nameof(best));
        Require.Within(0, 1.0, share, nameof(share));

        // Without any chosen token there is nothing to be unlike: then the best one begins.
        var direct = Math.Max(1, best + (int)Math.Round(share * (keep - best), MidpointRounding.AwayFromZero));
        List<int> chosen = [.. Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]).Take(direct)];
        var nearest = new double[scores.Count];
        Array.Fill(nearest, double.PositiveInfinity);
        for (var seen = 0; chosen.Count < keep;)
        {
            for (; seen < chosen.Count; seen++)
            {
                Approach(nearest, features, chosen[seen]);
            }

            chosen.Add(Enumerable.Range(0, nearest.Length).Except(chosen).MaxBy(i => nearest[i]));
        }

        return [.. chosen.Order()];
    }

    /// <summary>Brings each token's distance to the nearest chosen one up to date.</summary>
    private static void Approach(double[] nearest, ReadOnlySpan<float> features, int chosen)
    {
        var width = features.Length / nearest.Length;
        for (var i = 0; i < nearest.Length; i++)
        {
            nearest[i] = Math.Min(nearest[i], 1 - LayerImportance.Cosine(features.Slice(i * width, width), features.Slice(chosen * width, width)));
        }
    }
}
