namespace Acceleration;

/// <content>Branches by other networks.</content>
public sealed partial class SamplerBuilder
{
    /// <summary>
    /// Has another network evaluate a guidance branch: a weaker one for <see cref="AutoGuidance"/>, or a small unconditional one for classifier-free guidance (Karras et al., 2024, arXiv 2406.02507). It must
    /// predict the same thing of the same latents, and is given the branch's condition. It runs in a call of its own, to whose sites no strategy comes; the trace counts its multiply-adds. Plans leave it out: apply one and bring the network again, <c>.Plan(plan).NetworkOf(...)</c>.
    /// </summary>
    /// <param name="branch"><see cref="Branch.Unconditional"/>, or one that a strategy has for its own, such as <see cref="Branch.Weak"/>.</param>
    /// <param name="network">What evaluates it. Not disposed by the sampler.</param>
    /// <exception cref="ArgumentOutOfRangeException">The conditional branch is the sampler's own network's.</exception>
    public SamplerBuilder NetworkOf(int branch, IDenoiser network)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(branch, Branch.Conditional);
        ArgumentNullException.ThrowIfNull(network);
        return Use(new BranchNetwork(branch, network));
    }

    /// <summary>What <see cref="NetworkOf"/> adds. Plans leave it out: they name no networks.</summary>
    internal sealed record BranchNetwork(int Branch, IDenoiser Network) : IStrategy
    {
        public string Tag => $"{Acceleration.Branch.Name(Branch)}={Network.Info.Name}({Network.Info.Fingerprint})";

        public Requirements Needs => new() { NetworkOf = Branch, Refuse = info => Refuse(info.Network, Network.Info) };

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

    private sealed class BranchNetworkRun(BranchNetwork branch) : Run, IBranchNetwork
    {
        public int Branch => branch.Branch;

        public IDenoiser Network => branch.Network;
    }
}
