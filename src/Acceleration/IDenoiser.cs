using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The only thing a sampler knows of a network.</summary>
public interface IDenoiser : IDisposable
{
    /// <summary>What the network predicts and where strategies can work.</summary>
    DenoiserInfo Info { get; }

    /// <summary>
    /// One forward pass. It must not change its inputs, keeps no state between calls, and may be called by several requests at once.
    /// </summary>
    /// <param name="latents">Scaled latents, [rows, channels, ...].</param>
    /// <param name="timestep">float32 [rows]: the grid's time of each row.</param>
    /// <param name="condition">Conditions, one row each.</param>
    /// <param name="evaluation">Raise sites through it; read per-row inputs inside bodies through its <see cref="Evaluation.ForRows(Tensor, int)"/>.</param>
    /// <returns>[rows, channels or 2 × channels (learned variance), ...], owned by the caller's dispose scope.</returns>
    Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation);
}
