using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Makes a denoiser of any function.</summary>
public static class Denoiser
{
    /// <summary>Wraps a forward pass that raises no sites: strategies on the whole network apply.</summary>
    /// <param name="info">What the network predicts.</param>
    /// <param name="predict">(latents [rows, channels, ...], timestep [rows], condition) → output.</param>
    /// <param name="owned">Disposed with the denoiser, for example the wrapped module.</param>
    public static IDenoiser From(DenoiserInfo info, Func<Tensor, Tensor, Conditioning, Tensor> predict, IDisposable? owned = null)
    {
        ArgumentNullException.ThrowIfNull(predict);
        return From(info, (latents, timestep, condition, _) => predict(latents, timestep, condition), owned);
    }

    /// <summary>Wraps a forward pass that raises its sites through the evaluation it is given.</summary>
    /// <param name="info">What the network predicts, with its <see cref="DenoiserInfo.Sites"/>.</param>
    /// <param name="predict">(latents, timestep, condition, evaluation) → output.</param>
    /// <param name="owned">Disposed with the denoiser.</param>
    public static IDenoiser From(DenoiserInfo info, Func<Tensor, Tensor, Conditioning, Evaluation, Tensor> predict, IDisposable? owned = null)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(predict);
        return new Wrapped(info, predict, owned);
    }

    private sealed class Wrapped(DenoiserInfo info, Func<Tensor, Tensor, Conditioning, Evaluation, Tensor> predict, IDisposable? owned) : IDenoiser
    {
        public DenoiserInfo Info => info;

        public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation) =>
            predict(latents, timestep, condition, evaluation);

        public void Dispose() => owned?.Dispose();
    }
}
