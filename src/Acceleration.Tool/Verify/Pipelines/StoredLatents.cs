using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>How a pipeline stores its latents, where that is not [samples, channels, ...] as networks take them here.</summary>
/// <param name="ToStored">From the network's form.</param>
/// <param name="FromStored">Into it.</param>
internal sealed record StoredLatents(Func<Tensor, Tensor> ToStored, Func<Tensor, Tensor> FromStored)
{
    private const int Patch = 2;

    /// <summary>As they are.</summary>
    public static StoredLatents Plain { get; } = new(x => x, x => x);

    /// <summary>The form of a pipeline for one size of latents, [channels, height, width].</summary>
    public static StoredLatents Of(string pipeline, IReadOnlyList<long> size) => pipeline switch
    {
        "FluxPipeline" or "FluxFillPipeline" or "FluxControlPipeline" => new(Pack, x => Unpack(x, size[1] / Patch, size[2] / Patch)),
        "CogVideoXPipeline" or "CogVideoXImageToVideoPipeline" => new(x => x.transpose(1, 2), x => x.transpose(1, 2)),
        _ => Plain,
    };

    /// <summary>Patches of 2×2 as tokens, channels outermost.</summary>
    public static Tensor Pack(Tensor x) => x
        .view(x.size(0), x.size(1), x.size(2) / Patch, Patch, x.size(3) / Patch, Patch)
        .permute(0, 2, 4, 1, 3, 5)
        .reshape(x.size(0), x.size(2) / Patch * (x.size(3) / Patch), x.size(1) * Patch * Patch);

    /// <summary>Undoes <see cref="Pack"/>.</summary>
    public static Tensor Unpack(Tensor tokens, long high, long wide) => tokens
        .reshape(tokens.size(0), high, wide, tokens.size(2) / (Patch * Patch), Patch, Patch)
        .permute(0, 3, 1, 4, 2, 5)
        .reshape(tokens.size(0), tokens.size(2) / (Patch * Patch), high * Patch, wide * Patch);
}
