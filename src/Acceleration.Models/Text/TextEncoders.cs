namespace Acceleration.Models;

/// <summary>All text encoders. A new one is one more line.</summary>
internal static class TextEncoders
{
    private static readonly (string ClassName, Func<ICheckpoint, NetworkOptions, TextEncoder> Load)[] All =
    [
        (ClipTextLoader.Plain, ClipTextLoader.Load),
        (ClipTextLoader.Projecting, ClipTextLoader.Load),
        (T5Loader.Shared, (file, options) => T5Loader.Load(file, options, T5Loader.Shared)),
        (T5Loader.PerLayer, (file, options) => T5Loader.Load(file, options, T5Loader.PerLayer)),
    ];

    public static IReadOnlyList<string> Classes { get; } = [.. All.Select(e => e.ClassName)];

    public static TextEncoder Load(ICheckpoint file, NetworkOptions options)
    {
        var named = CheckpointConfig.Of(file).ClassName;
        var name = named ?? ClassOf(file);
        var at = Array.FindIndex(All, e => e.ClassName == name);
        return at >= 0 ? All[at].Load(file, options) : throw new CheckpointException(file.FilePath, null, named is null
            ? $"no configuration says what text encoder this is, and its tensors ({string.Join(", ", file.Names.Take(3))}, ...) are those of none that is known: {string.Join(", ", Classes)}."
            : $"this is a {(named.Length > 60 ? named[..60] + "..." : named)}; text encoders known are {string.Join(", ", Classes)}.");
    }

    private static string? ClassOf(ICheckpoint file)
    {
        int Count(string end) => file.Names.Count(n => n.EndsWith(end, StringComparison.Ordinal));
        return Count(ClipTextLoader.Mark) == 1
            ? Count("text_projection.weight") == 1 ? ClipTextLoader.Projecting : ClipTextLoader.Plain
            : Count(T5Loader.Mark) switch { 0 => null, 1 => T5Loader.Shared, _ => T5Loader.PerLayer };
    }
}
