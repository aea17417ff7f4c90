namespace Acceleration;

/// <summary>
/// Another network evaluates a guidance branch: a weaker one for <see cref="AutoGuidance"/>, or a small unconditional one for classifier-free guidance (Karras et al., 2024, arXiv 2406.02507). It must predict the
/// same thing of the same latents, and is given the branch's condition. It runs in a call of its own, to whose sites no strategy comes; the trace counts its multiply-adds. Plans cannot hold it: they
/// name no networks.
/// </summary>
/// <param name="Branch">The branch: <see cref="Acceleration.Branch.Unconditional"/> or one that a strategy has for its own.</param>
/// <param name="Network">What evaluates it. Not disposed by the sampler.</param>
public sealed record BranchNetwork(int Branch, IDenoiser Network) : IStrategy
{
    /// <summary>The branch.</summary>
    public int Branch { get; } = Branch > Acceleration.Branch.Conditional
        ? Branch
        : throw new ArgumentOutOfRangeException(nameof(Branch), Branch, "The conditional branch is the sampler's own network's; name another.");

    /// <summary>What evaluates it.</summary>
    public IDenoiser Network { get; } = Network ?? throw new ArgumentNullException(nameof(Network));

    /// <inheritdoc/>
    public string Tag => $"{Acceleration.Branch.Name(Branch)}={Network.Info.Name}({Network.Info.Fingerprint})";

    /// <inheritdoc/>
    public Requirements Needs => new() { NetworkOf = Branch, Refuse = info => Refuse(info.Network, Network.Info) };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new BranchNetworkRun(this);

    private static string? Refuse(DenoiserInfo mine, DenoiserInfo theirs) =>
        theirs.Prediction != mine.Prediction ? $"it predicts {theirs.Prediction}, this network {mine.Prediction}."
        : !theirs.SampleSize.SequenceEqual(mine.SampleSize) ? $"its latents are [{string.Join(", ", theirs.SampleSize)}], this network's [{string.Join(", ", mine.SampleSize)}]."
        : theirs.LearnedVariance != mine.LearnedVariance ? $"only {(mine.LearnedVariance ? "this network" : "it")} learns variances."
        : theirs.DType != mine.DType ? $"it takes {theirs.DType}, this network {mine.DType}."
        : theirs.Device.type != mine.Device.type || Math.Max(theirs.Device.index, 0) != Math.Max(mine.Device.index, 0) ? $"it is on {theirs.Device}, this network on {mine.Device}."
        : theirs.Classes != mine.Classes ? $"it has {theirs.Classes} classes, this network {mine.Classes}."
        : !SameNoise(theirs.Noise, mine.Noise) ? "it was trained on other noise levels."
        : null;

    private static bool SameNoise(NoiseTable? a, NoiseTable? b) => ReferenceEquals(a, b) || (a is not null && b is not null && a.AlphaBars.SequenceEqual(b.AlphaBars));
}

internal sealed class BranchNetworkRun(BranchNetwork branch) : Run, IBranchNetwork
{
    public int Branch => branch.Branch;

    public IDenoiser Network => branch.Network;
}
