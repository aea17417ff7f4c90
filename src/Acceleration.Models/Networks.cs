namespace Acceleration.Models;

/// <summary>Loads a network of whichever family its checkpoint is of.</summary>
public static class Networks
{
    /// <summary>The classes that are known, as their makers call them.</summary>
    public static IReadOnlyList<string> Classes { get; } = [.. NetworkFamilies.All.SelectMany(f => f.Classes).Distinct()];

    /// <summary>Loads a network by the class that its configuration names, or, where none does, by the names of its tensors.</summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either and, usually, a config.json.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">A file is missing or malformed, is of no family that is known, or is not what its configuration says.</exception>
    public static IDenoiser Load(string path, NetworkOptions? options = null)
    {
        using var file = Checkpoint.Open(path);
        return Load(file, options);
    }

    /// <summary>Loads a network from an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static IDenoiser Load(ICheckpoint file, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        var named = CheckpointConfig.Of(file).ClassName;
        NetworkFamily[] possible = [.. NetworkFamilies.All.Where(f => named is null ? f.Recognises(file) : f.Classes.Contains(named))];
        var family = possible.FirstOrDefault(f => possible.Length == 1 || f.Recognises(file)) ?? possible.FirstOrDefault();
        return family?.Load(file, options) ?? throw new CheckpointException(file.FilePath, null, named is null
            ? $"no configuration says what network this is, and its tensors ({string.Join(", ", file.Names.Take(3))}, ...) are those of none that is known: {string.Join(", ", Classes)}. Put the config.json of the model beside it."
            : $"this is a {(named.Length > 60 ? named[..60] + "..." : named)}; known are {string.Join(", ", Classes)}.");
    }
}
