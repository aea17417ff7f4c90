using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A store as a safetensors file: its tensors, and in the metadata which rows of what they are.</summary>
internal static class StoreFile
{
    private const string Key = "run_store";
    private const int Version = 1;

    public static void Write(string path, RunStore store)
    {
        var tensors = new List<(string, Tensor)>();
        var (batches, numbers) = SavedStore.Of(store, "", tensors);
        SafetensorsFile.Write(path, tensors, new Dictionary<string, string> { [Key] = JsonSerializer.Serialize(new Saved(Version, batches, numbers), SavedStore.Json) });
    }

    /// <exception cref="CheckpointException">The file is no saved store, or does not hold what it says.</exception>
    public static void Read(string path, Device? device, RunStore into)
    {
        using var file = SafetensorsFile.Open(path);
        var saved = Parse(file);
        SavedStore.Restore([(saved, into)], file, device, Key);
        if (file.Names.Except(saved.Batches.Select(b => b.Tensor)).FirstOrDefault() is { } unknown)
        {
            throw new CheckpointException(file.FilePath, unknown, $"'{Key}' does not say what it is.");
        }
    }

    private static SavedStore Parse(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(Key, out var text))
        {
            throw new CheckpointException(file.FilePath, null, $"it is no saved store: its metadata has no '{Key}'.");
        }

        try
        {
            var saved = JsonSerializer.Deserialize<Saved>(text, SavedStore.Json);
            return saved is { Version: Version, Batches: not null, Numbers: not null }
                ? new(saved.Batches, saved.Numbers)
                : throw new CheckpointException(file.FilePath, null, $"'{Key}' is of version {saved?.Version}, or incomplete; this library reads version {Version}.");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(file.FilePath, null, $"'{Key}' cannot be read: {e.Message}", e);
        }
    }

    private sealed record Saved(int Version, SavedStore.Batch[] Batches, SavedStore.Number[] Numbers);
}
