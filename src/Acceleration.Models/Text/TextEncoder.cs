using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The network that turns a prompt into what diffusion networks read: CLIP's (Radford et al., arXiv:2103.00020), T5's (Raffel et al., arXiv:1910.10683) and UMT5's (Chung et al., arXiv:2304.09151). Immutable; may be used
/// from several threads.
/// </summary>
public abstract class TextEncoder : IDisposable
{
    private protected TextEncoder(TextEncoderInfo info) => Info = info;

    /// <summary>What it is.</summary>
    public TextEncoderInfo Info { get; }

    /// <summary>The classes that are known, as their makers call them.</summary>
    public static IReadOnlyList<string> Classes => TextEncoders.Classes;

    /// <summary>Loads an encoder by the class that its configuration names, or, where none does, by the names of its tensors.</summary>
    /// <param name="path">The folder of a checkpoint's text encoder (<c>text_encoder</c>, <c>text_encoder_2</c>), a .safetensors file, or the .safetensors.index.json of a sharded one.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">A file is missing or malformed, is no text encoder, or is not what its configuration says.</exception>
    public static TextEncoder Load(string path, NetworkOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = Checkpoint.Open(path);
        return Load(file, options);
    }

    /// <summary>Loads an encoder from an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static TextEncoder Load(ICheckpoint file, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return TextEncoders.Load(file, (options ?? new()).Checked());
    }

    /// <summary>Encodes prompts.</summary>
    /// <param name="prompts">Their tokens.</param>
    /// <param name="layer">Which states; null for <see cref="TextLayer.Last"/>. T5 has only that.</param>
    /// <param name="masked">Whether padding is hidden from the other tokens. Pipelines differ: PixArt and Wan hide it; Stable Diffusion and FLUX do not.</param>
    /// <returns>States and, of CLIP, the pooled one; the latter is the last layer's whatever <paramref name="layer"/> says.</returns>
    /// <exception cref="ArgumentException">There are more tokens than positions, a token id is beyond the vocabulary, or there is no such layer.</exception>
    public TextEncoding Encode(PromptTokens prompts, TextLayer? layer = null, bool masked = false)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        var wanted = layer ?? TextLayer.Last;
        if (prompts.Length > (Info.MaxTokens ?? int.MaxValue))
        {
            throw new ArgumentException($"{Info.ClassName} has positions for {Info.MaxTokens} tokens; the prompts have {prompts.Length}. Encode them with that as greatest length.", nameof(prompts));
        }

        var largest = prompts.Ids.Max(r => r.Max());
        if (largest >= Info.Vocabulary)
        {
            throw new ArgumentException($"Token id {largest} is beyond the {Info.Vocabulary} of {Info.ClassName}: is the tokenizer another checkpoint's?", nameof(prompts));
        }

        if (wanted.Skip < 0 || wanted.Skip > Info.Layers)
        {
            throw new ArgumentOutOfRangeException(nameof(layer), wanted.Skip, $"{Info.ClassName} has {Info.Layers} layers: 0 to {Info.Layers} can be skipped.");
        }

        // Nobody trains it here, and every intermediate result would be kept.
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return Compute(prompts, wanted, masked);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Computes in a scope of its own; what is asked for is known to exist.</summary>
    private protected abstract TextEncoding Compute(PromptTokens prompts, TextLayer layer, bool masked);

    /// <summary>Releases the weights.</summary>
    /// <param name="disposing">Always true: there is no finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
