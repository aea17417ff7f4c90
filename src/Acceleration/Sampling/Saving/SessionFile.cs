using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// A session as one safetensors file: latents, solver history, conditions and everything strategies remember as tensors, and the rest as JSON in a tensor of bytes (it may
/// outgrow what a header holds).
/// </summary>
internal static class SessionFile
{
    public const string Latents = "latents";
    public const string Clean = "clean";
    public const string Condition = "condition.";
    public const string Negative = "negative.";
    public const string Text = "session.json";

    private const string Key = "sampling_session";
    private const string Sum = "sha256";

    public static string History(int index) => $"history.{index}";

    public static string Other(int index) => $"other.{index}.";

    public static string Store(int strategy) => $"store.{strategy}.";

    public static void Write(string path, SavedSession saved, List<(string Name, Tensor Tensor)> tensors)
    {
        using var text = tensor(JsonSerializer.SerializeToUtf8Bytes(saved, SavedStore.Json), ScalarType.Byte);
        tensors.Add((Text, text));
        DeleteUnfinished(path);
        SafetensorsFile.Write(path, tensors, new Dictionary<string, string> { [Key] = $"{SavedSession.Current}", [Sum] = SessionSum.Of(tensors) });
    }

    /// <summary>Reads and checks the description; tensors are read from <paramref name="file"/> afterwards.</summary>
    /// <exception cref="CheckpointException">The file is no saved session, of a newer library, or does not fit <paramref name="sampler"/>.</exception>
    public static SavedSession Describe(SafetensorsFile file, Sampler sampler)
    {
        if (!file.Metadata.TryGetValue(Key, out var version))
        {
            throw new CheckpointException(file.FilePath, null, $"it is no saved session: its metadata has no '{Key}'.");
        }

        if (version != $"{SavedSession.Current}")
        {
            throw new CheckpointException(file.FilePath, null, $"it is a session of version {CheckpointException.Shorten(version)}; this library reads version {SavedSession.Current}.");
        }

        RequireSum(file);
        var saved = Parse(file);
        string[] differences = [.. saved.Sampler.Differences(SavedIdentity.Of(sampler))];
        if (differences.Length > 0)
        {
            throw new CheckpointException(file.FilePath, null, $"it was saved by another sampler: {string.Join("; ", differences)}.");
        }

        SessionChecks.Require(saved, sampler, file);
        return saved;
    }

    /// <summary>A tensor of the file, copied, so that the file may be written again.</summary>
    public static Tensor Read(SafetensorsFile file, string name, Device device) => file.ReadCopy(name, device: device);

    /// <summary>Removes what processes that were killed while they saved to this path have left.</summary>
    private static void DeleteUnfinished(string path)
    {
        var whole = Path.GetFullPath(path);
        if (Path.GetDirectoryName(whole) is not { } folder || !Directory.Exists(folder))
        {
            return;
        }

        foreach (var left in Directory.EnumerateFiles(folder, $"{Path.GetFileName(whole)}.*.tmp"))
        {
            File.Delete(left);
        }
    }

    private static void RequireSum(SafetensorsFile file)
    {
        using var scope = NewDisposeScope();
        if (SessionSum.Of(file.Names.Select(n => (n, file.Read(n)))) != file.Metadata.GetValueOrDefault(Sum))
        {
            throw new CheckpointException(file.FilePath, null, "it is damaged: what it holds is not what was saved, by its SHA-256.");
        }
    }

    private static SavedSession Parse(SafetensorsFile file)
    {
        try
        {
            using var text = file.Read(Text);
            return text is { dtype: ScalarType.Byte, ndim: 1 } && JsonSerializer.Deserialize<SavedSession>(text.bytes, SavedStore.Json) is { } saved
                ? saved
                : throw new CheckpointException(file.FilePath, Text, "it should hold the session's description as bytes.");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(file.FilePath, Text, $"it cannot be read: {e.Message}", e);
        }
    }
}
