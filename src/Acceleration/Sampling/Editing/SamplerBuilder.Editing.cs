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
}
