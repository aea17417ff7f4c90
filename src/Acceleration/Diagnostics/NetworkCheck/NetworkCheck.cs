using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Proves that a network raises its sites as strategies rely on: a body run on some rows, on some tokens, in pieces or again makes the same whole; what crossed a
/// site is not changed in place; a skipped site leaves a network that finishes; costs fit into each other; nothing is left behind.
/// </summary>
public static class NetworkCheck
{
    /// <summary>
    /// Tries every site of the network's <see cref="DenoiserInfo.Sites"/>, each by itself, with random latents and another time in each row. Takes a few network calls per site. Live
    /// tensors are counted per process: run it while nothing else makes any.
    /// </summary>
    /// <param name="network">The network. Not disposed.</param>
    /// <param name="rows">Rows of a call, at least 2; 5 make parts of different sizes.</param>
    /// <param name="size">Latent size of one row, [channels, ...]; null for the network's own. A small one is quicker, and one with unequal sides finds more.</param>
    /// <param name="condition">One row each, or one for all; null for class labels where the network has classes, and for none elsewhere. Not disposed.</param>
    /// <param name="tolerance">
    /// Largest difference, relative to the largest value, by which parts may differ from the whole: rounding depends on the batch. Types shorter than float32 need more.
    /// </param>
    /// <returns>What was tried and found. A wrong network is a finding, not an exception.</returns>
    /// <exception cref="ArgumentException">The size does not fit the network, or the condition does not fit the rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two rows, or a negative tolerance.</exception>
    public static NetworkCheckReport Run(IDenoiser network, int rows = 5, IReadOnlyList<long>? size = null, Conditioning? condition = null, double tolerance = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(network);
        Require.AtLeast(2, rows, nameof(rows));
        Require.AtLeast(0, tolerance, nameof(tolerance));
        if (size is not null)
        {
            network.Info.RequireSize(size);
        }

        if (condition is not null && condition.Rows != rows && condition.Rows != 1)
        {
            throw new ArgumentException($"The condition must have {rows} rows or one for all; it has {condition.Rows}.", nameof(condition));
        }

        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var inputs = new CheckInputs(network.Info, rows, size ?? network.Info.SampleSize, condition);
        var findings = new FindingList(tolerance);
        var whole = new WholeCheck(network, inputs, findings).Run();
        if (whole is not null)
        {
            Sites(whole, findings);
        }

        return new(network.Info.Name, findings.All, findings.Notes);
    }

    private static void Sites(CheckedNetwork network, FindingList findings)
    {
        foreach (var site in network.Sites)
        {
            new SiteCheck(network, site, findings).Run();
        }

        AttentionCheck.Run(network, findings);
        NestingCheck.Costs(network, findings);
        NestingCheck.Rows(network, findings);
        LayoutCheck.Run(network, findings);
    }
}
