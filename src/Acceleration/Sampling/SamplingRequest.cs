using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What to sample.</summary>
public sealed record SamplingRequest
{
    /// <summary>Conditions, one row per sample. Not disposed by the sampler.</summary>
    public required Conditioning Condition { get; init; }

    /// <summary>Conditions of the unconditional branch (negative prompts); null for the network's own. Not disposed by the sampler.</summary>
    public Conditioning? Negative { get; init; }

    /// <summary>
    /// Further conditions, as many as the sampler combines (<see cref="ComposedGuidance"/>), each with one row per sample or one for all, and the tensors of <see cref="Condition"/>. Not disposed by the sampler.
    /// </summary>
    public IReadOnlyList<Conditioning> Others { get; init; } = [];

    /// <summary>Seed of sample 0; sample i uses seed + i.</summary>
    public long Seed { get; init; }

    /// <summary>Latent size of one sample, [channels, ...]; null for the network's own.</summary>
    public IReadOnlyList<long>? Size { get; init; }

    /// <summary>
    /// Random numbers; null for <see cref="SeededNoise"/> with <see cref="Seed"/>. A session draws from a clone, so that a request can be run again. Not disposed
    /// by the sampler.
    /// </summary>
    public INoiseSource? Noise { get; init; }

    /// <summary>First latents [samples, channels, ...] at the schedule's first noise level; null for noise. Not disposed by the sampler.</summary>
    public Tensor? Latents { get; init; }

    /// <summary>A preview comes with every n-th progress report; 0 for none.</summary>
    public int PreviewEvery { get; init; }
}
