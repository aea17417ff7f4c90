using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// CLIP's image encoder (Radford et al., arXiv:2103.00020), which tells networks what a picture shows: CLIPVisionModel and CLIPVisionModelWithProjection. Immutable; may be used from several threads.
/// </summary>
public sealed class ImageEncoder : IDisposable
{
    private readonly ClipVisionNetwork _network;

    internal ImageEncoder(ImageEncoderInfo info, ClipVisionNetwork network) => (Info, _network) = (info, network);

    /// <summary>What it is.</summary>
    public ImageEncoderInfo Info { get; }

    /// <summary>The classes that are known, as their makers call them.</summary>
    public static IReadOnlyList<string> Classes { get; } = [ClipVisionLoader.Plain, ClipVisionLoader.Projecting];

    /// <summary>Loads an encoder.</summary>
    /// <param name="path">The folder of a model's <c>image_encoder</c>, a .safetensors file, or the .safetensors.index.json of a sharded one.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">A file is missing or malformed, is no image encoder, or is not what its configuration says.</exception>
    public static ImageEncoder Load(string path, NetworkOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = Checkpoint.Open(path);
        return Load(file, options);
    }

    /// <summary>Loads an encoder from an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static ImageEncoder Load(ICheckpoint file, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return ClipVisionLoader.Load(file, (options ?? new()).Checked());
    }

    /// <summary>One state for every token of pictures.</summary>
    /// <param name="pictures">[rows, 3, side, side], as <see cref="ImagePreparation"/> makes them.</param>
    /// <param name="skip">How many of the last layers are left out: 1 for the layer before the last (<c>hidden_states[-2]</c>), which Wan reads. No layer's states are normalised.</param>
    /// <returns>[rows, tokens, width]; the first token stands for the whole.</returns>
    /// <exception cref="ArgumentException">The pictures have another size, or there is no such layer.</exception>
    public Tensor States(Tensor pictures, int skip = 0)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (skip < 0 || skip > Info.Layers)
        {
            throw new ArgumentOutOfRangeException(nameof(skip), skip, $"{Info.ClassName} has {Info.Layers} layers: 0 to {Info.Layers} can be skipped.");
        }

        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return _network.States(Taken(pictures), Info.Layers - skip).MoveToOuterDisposeScope();
    }

    /// <summary>One state for each whole picture.</summary>
    /// <param name="pictures">[rows, 3, side, side].</param>
    /// <returns>[rows, width], normalised; with a projection the projected one (<c>image_embeds</c>), else the first token's (<c>pooler_output</c>).</returns>
    /// <exception cref="ArgumentException">The pictures have another size.</exception>
    public Tensor Pooled(Tensor pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return _network.Pooled(_network.States(Taken(pictures), Info.Layers)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private Tensor Taken(Tensor pictures) =>
        pictures.ndim == 4 && pictures.size(1) == _network.Config.Channels && pictures.size(2) == Info.Side && pictures.size(3) == Info.Side && is_floating_point(pictures)
            ? pictures.to(Info.DType, Info.Device)
            : throw new ArgumentException($"{Info.Name} takes pictures [rows, {_network.Config.Channels}, {Info.Side}, {Info.Side}] of a floating-point type; got {pictures.dtype} [{string.Join(", ", pictures.shape)}].", nameof(pictures));
}
