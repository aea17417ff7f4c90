using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// A picture to start from instead of noise (Meng et al., "SDEdit", arXiv:2108.01073): its latents, noised to a level within the trajectory. With a mask only a part of it is made anew, and the rest is put back after every step
/// (as in Lugmayr et al., "RePaint", arXiv:2201.09865, without its resampling). Made by <see cref="Pipeline.StartFrom"/>; serves requests of the same samples and seed. Owns its tensors.
/// </summary>
public sealed class PictureStart : IDisposable
{
    private readonly Tensor _clean;
    private readonly Tensor _noise;
    private readonly Tensor? _mask;

    internal PictureStart(Tensor clean, Tensor noise, Tensor? mask, Schedule whole, int first)
    {
        (_clean, _noise, _mask) = (clean.DetachFromDisposeScope(), noise.DetachFromDisposeScope(), mask?.DetachFromDisposeScope());
        Schedule = whole.From(first);
        using var scope = NewDisposeScope();
        Latents = Noised(Schedule.Points[0]).DetachFromDisposeScope();
    }

    /// <summary>The noise levels that remain.</summary>
    public Schedule Schedule { get; }

    /// <summary>The latents to begin with, for <see cref="SamplingRequest.Latents"/>.</summary>
    public Tensor Latents { get; }

    /// <summary>What puts back the part that is kept; null where everything is made anew.</summary>
    internal IStrategy? Mask => _mask is null ? null : new LatentMask(this);

    /// <summary>Puts the part that is kept into finished latents.</summary>
    /// <param name="latents">Of the sampler; not changed.</param>
    public Tensor Finish(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        return _mask is null ? latents.alias() : Mixed(latents, _clean);
    }

    /// <summary>Latents in which the part that is kept has the noise of a level.</summary>
    internal Tensor Kept(Tensor latents, GridPoint level)
    {
        using var scope = NewDisposeScope();
        return Mixed(latents, Noised(level)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _clean.Dispose();
        _noise.Dispose();
        _mask?.Dispose();
        Latents.Dispose();
    }

    private Tensor Noised(GridPoint level) => _clean.Times(level.Alpha).Plus(_noise.Times(level.Sigma));

    private Tensor Mixed(Tensor latents, Tensor kept) => where(_mask!.to(latents.device), latents, kept.to(latents.dtype).to(latents.device));
}
