namespace Acceleration;

/// <summary>
/// Which blocks are kept where others are left out all over the depth instead of in one run, after unified layer skipping (Liu et al., 2024, arXiv 2404.06954): first and last always, the others spread between them.
/// </summary>
public static class KeptPattern
{
    /// <summary>A number of blocks, spread evenly: gaps differ by one at most.</summary>
    /// <param name="blocks">L, at least 1.</param>
    /// <param name="kept">K, 2 to L; 1 where there is one block.</param>
    /// <returns>round(k·(L − 1)/(K − 1)) for each k, ascending.</returns>
    public static IReadOnlyList<int> Even(int blocks, int kept)
    {
        Require.AtLeast(1, blocks, nameof(blocks));
        Require.Within(Math.Min(2, blocks), blocks, kept, nameof(kept));

        // In whole numbers: halves go up.
        return [.. Enumerable.Range(0, kept).Select(k => kept == 1 ? 0 : (int)(((2L * k * (blocks - 1)) + kept - 1) / (2L * (kept - 1))))];
    }

    /// <summary>
    /// Those of the authors' program: ⌊L/r⌋ blocks, every ⌊L/(K − 1)⌋-th from the front until there are enough, and the last. Where that does not divide well they crowd in front: of 28 blocks at r = 1.5 the run 17..26 is left out.
    /// </summary>
    /// <param name="blocks">L, at least 2.</param>
    /// <param name="speedup">r, at least 1 and at most half of the blocks.</param>
    public static IReadOnlyList<int> Published(int blocks, double speedup)
    {
        Require.AtLeast(2, blocks, nameof(blocks));
        Require.Within(1, blocks / 2.0, speedup, nameof(speedup));
        var kept = (int)(blocks / speedup);
        var every = blocks / (kept - 1);
        return [0, .. Enumerable.Range(1, blocks - 2).Where(i => i % every == 0).Take(kept - 2), blocks - 1];
    }

    /// <summary>The runs of blocks between kept ones, each from its first block to the one behind its last.</summary>
    /// <param name="kept">Kept blocks, ascending.</param>
    /// <param name="blocks">All blocks.</param>
    public static IReadOnlyList<(int From, int To)> Skipped(IReadOnlyList<int> kept, int blocks)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return [.. kept.Prepend(-1).Zip(kept.Append(blocks), (a, b) => (a + 1, b)).Where(r => r.Item1 < r.Item2)];
    }
}
