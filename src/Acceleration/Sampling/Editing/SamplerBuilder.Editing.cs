using static TorchSharp.torch;

namespace Acceleration;

/// <content>Editing by a second trajectory.</content>
public sealed partial class SamplerBuilder
{
    /// <summary>
    /// Edits a source without inverting it, as in IF-V2V (arXiv 2509.21917), reconstructed: beside the trajectory that is sampled, the source's own runs from the same noise, x = (1 − σ)·s + σ·n, where the true velocity n − s is known. By how much
    /// the network deviates from it there, d = n − s − v, is added to the prediction, λ·d: with the source's condition for the sampler's own, the source comes back. Costs an evaluation more in each step, which <see cref="CorrectionCache.OfDeviation"/> spares.
    /// </summary>
    /// <param name="network">What evaluates the source's trajectory: usually the sampler's own network. Not disposed by the sampler.</param>
    /// <param name="source">s: clean latents, [samples or 1, channels, ...], as long as the sampler lives. Not disposed by the sampler.</param>
    /// <param name="lambda">λ: share of the deviation that is added; 0 evaluates no source.</param>
    /// <remarks>
    /// The source's condition is the first of <see cref="SamplingRequest.Others"/>. Its noise n follows from the latents that the request begins with: they are (1 − σ)·s + σ·n at the first noise level σ. For networks that predict a flow,
    /// in one stage. Plans leave it out: they hold no latents.
    /// </remarks>
    public SamplerBuilder EditFrom(IDenoiser network, Tensor source, double lambda = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(source);
        return Use(new SourceDeviation(network, source, Require.Finite(lambda, nameof(lambda))));
    }

    /// <summary>What <see cref="SamplerBuilder.EditFrom"/> adds: the source's trajectory as a branch whose output is the deviation.</summary>
    internal sealed record SourceDeviation(IDenoiser Network, Tensor Source, double Lambda) : IStrategy
    {
        /// <summary>The branch: the request's first further condition.</summary>
        public static int Branch { get; } = Acceleration.Branch.Other(0);

        public string Tag => FormattableString.Invariant($"edit{Lambda}={Network.Info.Name}({Network.Info.Fingerprint})");

        public Requirements Needs => new()
        {
            ChangesGuidance = true,
            OwnBranches = [Branch],
            NetworkOf = Branch,
            OtherConditions = 1,
            // The source belongs to one request's samples.
            DependsOnBatch = BatchDependence.Always,
            Refuse = Refused,
            RefuseRequest = Refused,
        };

        public IRun Begin(RunInfo info, RunStore store) => new SourceDeviationRun(this, info, store);

        private string? Refused(RunInfo info) =>
            info.Network.Prediction != PredictionType.Flow || Network.Info.Prediction != PredictionType.Flow || info.Network.LearnedVariance ? $"the source's true velocity is known for networks that predict a flow; {info.Network.Name} predicts {info.Network.Prediction}."
            : info.Stages.Count > 1 ? $"the source has one resolution; the run has {info.Stages.Count} stages."
            : !Network.Info.SampleSize.SequenceEqual(info.Network.SampleSize) ? $"{Network.Info.Name} takes latents [{string.Join(", ", Network.Info.SampleSize)}], this network [{string.Join(", ", info.Network.SampleSize)}]."
            : Network.Info.DType != info.Network.DType || Network.Info.Device.type != info.Network.Device.type ? $"{Network.Info.Name} works in {Network.Info.DType} on {Network.Info.Device}, this network in {info.Network.DType} on {info.Network.Device}."
            : info.Stages[0].Points[0].Sigma == 0 ? "its schedule begins without noise."
            : null;

        private string? Refused(SamplingRequest request)
        {
            IReadOnlyList<long> size = request.Size ?? Network.Info.SampleSize;
            return Source.ndim == size.Count + 1 && Source.shape.Skip(1).SequenceEqual(size) && (Source.size(0) == 1 || Source.size(0) == request.Condition.Rows)
                ? null
                : $"the source is [{string.Join(", ", Source.shape)}]; {request.Condition.Rows} samples of [{string.Join(", ", size)}] need [{request.Condition.Rows} or 1, {string.Join(", ", size)}].";
        }
    }
}
