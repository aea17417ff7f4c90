namespace Acceleration.Models;

/// <summary>The folder of one component of a model: weights in one file or in shards, perhaps in several variants, beside a config.json.</summary>
internal static class ComponentFolder
{
    private const string Weights = ".safetensors";
    private const string Index = ".safetensors.index.json";
    private static readonly string[] Pickles = [".bin", ".pt", ".pth", ".ckpt"];

    /// <summary>Opens the weights.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="variant">The part of the names that tells variants apart, for example <c>fp16</c>; null for the weights without one, or, where there are none, the only variant there is.</param>
    /// <exception cref="CheckpointException">There are none, only pickle files, or several of which none is named.</exception>
    public static ICheckpoint Open(string folder, string? variant)
    {
        if (!Directory.Exists(folder))
        {
            throw new CheckpointException(folder, null, "this folder of a component is not there, and the model's model_index.json names it. Has everything been downloaded?");
        }

        string[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(folder, null, $"the folder cannot be read: {error.Message}", error);
        }

        string[] candidates = [.. files.Where(f => f.EndsWith(Index, StringComparison.Ordinal)), .. files.Where(f => f.EndsWith(Weights, StringComparison.Ordinal) && !IsShard(f))];
        if (candidates.Length == 0)
        {
            throw Nothing(folder, files);
        }

        string[] fitting = [.. candidates.Where(c => VariantOf(c) == variant)];
        if (fitting.Length == 0 && variant is null)
        {
            fitting = candidates;
        }

        return fitting.Length == 1 || (fitting.Length == 2 && fitting[0].EndsWith(Index, StringComparison.Ordinal))
            ? Checkpoint.Open(Path.Combine(folder, fitting[0]))
            : throw new CheckpointException(folder, null, fitting.Length == 0
                ? $"there are no weights of the variant '{variant}'; there are {string.Join(", ", candidates)}."
                : $"there are several weights, {string.Join(", ", fitting.Take(4))}; name a variant{(variant is null ? "" : " that only one has")}.");
    }

    /// <summary>What stands between name and ending: fp16 in <c>model.fp16.safetensors</c> and <c>model.safetensors.index.fp16.json</c>; null for nothing.</summary>
    private static string? VariantOf(string file)
    {
        var name = file.EndsWith(Index, StringComparison.Ordinal) ? file[..^Index.Length] : file[..^Weights.Length];
        return name.LastIndexOf('.') is >= 0 and var dot ? name[(dot + 1)..] : null;
    }

    private static bool IsShard(string file)
    {
        var name = file[..^Weights.Length];
        return name.Length > 15 && name[^15..^9] is ['-', .. var digits] && digits.All(char.IsAsciiDigit) && name[^9..^5] == "-of-";
    }

    private static CheckpointException Nothing(string folder, string[] files)
    {
        string[] pickled = [.. files.Where(f => Pickles.Any(p => f.EndsWith(p, StringComparison.OrdinalIgnoreCase)))];
        return new(folder, null, pickled.Length == 0
            ? "there are no weights in it (*.safetensors)."
            : $"its weights are pickle files ({string.Join(", ", pickled.Take(3))}), which may run any program when they are read, so they are not. Get the .safetensors form of the model, or convert it where you trust it: in Python, "
                + "safetensors.torch.save_file(torch.load('FILE', weights_only=True), 'FILE.safetensors').");
    }
}
