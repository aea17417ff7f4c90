namespace Acceleration.Models;

/// <summary>Loads an autoencoder of whichever class its checkpoint is of.</summary>
public static class Autoencoders
{
    // Films before pictures: a tensor that marks the latter has its like in the former.
    private static readonly (string Class, Func<ICheckpoint, NetworkOptions?, IAutoencoder> Load, string Mark)[] All =
    [
        ("AutoencoderKLWan", AutoencoderKLWan.Load, WanFilmLoader.Mark),
        ("AutoencoderKLCogVideoX", AutoencoderKLCogVideoX.Load, CogFilmLoader.Mark),
        ("AutoencoderKL", AutoencoderKL.Load, KlLoader.Mark),
        ("AutoencoderTiny", AutoencoderTiny.Load, TinyLoader.Mark),
    ];

    /// <summary>The classes that are known, as their makers call them.</summary>
    public static IReadOnlyList<string> Classes { get; } = [.. All.Select(a => a.Class)];

    /// <summary>
    /// Loads an autoencoder by the class that its configuration names, or, where none does, by the names of its tensors: those of diffusers, or those of an original release such as FLUX's ae.safetensors.
    /// </summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either and its config.json: the <c>vae</c> folder of a pipeline.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">A file is missing or malformed, is of no class that is known, or is not what its configuration says.</exception>
    public static IAutoencoder Load(string path, NetworkOptions? options = null)
    {
        using var file = Checkpoint.Open(path);
        return Load(file, options);
    }

    /// <summary>Loads an autoencoder from an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static IAutoencoder Load(ICheckpoint file, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Load(file, options, null);
    }

    /// <param name="file">The checkpoint.</param>
    /// <param name="options">Type and device.</param>
    /// <param name="pipeline">The pipeline that it belongs to, which knows how latents are scaled where an original release does not say it; null where nobody does.</param>
    internal static IAutoencoder Load(ICheckpoint file, NetworkOptions? options, string? pipeline)
    {
        if (OriginalAutoencoder.PrefixOf(file) is { } prefix)
        {
            return AutoencoderKL.Load(OriginalAutoencoder.Of(file, prefix, pipeline), options);
        }

        var named = CheckpointConfig.Of(file).ClassName;
        var load = Array.Find(All, a => named is null ? file.Names.Any(n => n.EndsWith(a.Mark, StringComparison.Ordinal)) : a.Class == named).Load;
        return load?.Invoke(file, options) ?? throw new CheckpointException(file.FilePath, null, named is null
            ? $"no configuration says what this is, and its tensors are those of no autoencoder that is known: {string.Join(", ", Classes)}. Put the config.json of the model beside it."
            : $"this is a {(named.Length > 60 ? named[..60] + "..." : named)}; autoencoders known are {string.Join(", ", Classes)}.");
    }
}
