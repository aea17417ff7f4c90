using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Where accelerated runs stand when a step has been evaluated and not yet taken.</summary>
internal sealed class ForecastStop(ForecastStep at, IReadOnlyList<ForecastStop.Place> places) : IDisposable
{
    public ForecastStep At => at;

    /// <summary>One for each batch.</summary>
    public IReadOnlyList<Place> Places => places;

    public void Dispose()
    {
        foreach (var place in places)
        {
            place.Dispose();
        }
    }

    /// <summary>One batch of runs.</summary>
    /// <param name="Session">Before the step.</param>
    /// <param name="Latents">What the network would see there.</param>
    /// <param name="Conditional">All conditional outputs so far, newest first.</param>
    /// <param name="Unconditional">All unconditional outputs so far, newest first.</param>
    internal sealed record Place(SamplingSession Session, Tensor Latents, IReadOnlyList<Tensor> Conditional, IReadOnlyList<Tensor> Unconditional) : IDisposable
    {
        /// <summary>What an output is made of, in the order of a span's weights.</summary>
        public IReadOnlyList<Tensor> Terms => [Latents, .. Conditional, .. Unconditional];

        public void Dispose()
        {
            Session.Dispose();
            foreach (var term in Terms)
            {
                term.Dispose();
            }
        }
    }
}
