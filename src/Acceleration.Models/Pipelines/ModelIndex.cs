using System.Text.Json;

namespace Acceleration.Models;

/// <summary>A model_index.json: the pipeline, and which component is of which class.</summary>
internal sealed class ModelIndex
{
    /// <summary>Its file's name.</summary>
    public const string FileName = "model_index.json";

    private const int MostCharacters = 1 << 20;

    private readonly Dictionary<string, JsonElement> _values;

    private ModelIndex(string path, Dictionary<string, JsonElement> values) => (FilePath, _values) = (path, values);

    public string FilePath { get; }

    /// <summary>The pipeline's class.</summary>
    public string Pipeline => _values.TryGetValue("_class_name", out var name) && name.ValueKind == JsonValueKind.String
        ? name.GetString()!
        : throw new CheckpointException(FilePath, null, "it names no pipeline (_class_name).");

    /// <summary>Reads a file.</summary>
    /// <exception cref="CheckpointException">It is missing or malformed.</exception>
    public static ModelIndex Read(string path)
    {
        try
        {
            var text = BoundedText.Read(path, MostCharacters, "model index", reason => new CheckpointException(path, null, reason));
            using var document = JsonDocument.Parse(text);
            return new(path, document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.Clone()));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new CheckpointException(path, null, $"it is not a JSON object with distinct keys: {error.Message}", error);
        }
        catch (Exception error) when (error is not CheckpointException && error is IOException)
        {
            throw new CheckpointException(path, null, $"it cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Names of the components that the model has.</summary>
    public IEnumerable<string> Components => _values.Keys.Where(k => ClassOf(k) is not null);

    /// <summary>The class of a component; null where the model has none of this name.</summary>
    public string? ClassOf(string component) =>
        _values.TryGetValue(component, out var value) && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 && value[1].ValueKind == JsonValueKind.String ? value[1].GetString() : null;

    /// <summary>A setting of the pipeline that is true or false.</summary>
    public bool Flag(string key, bool otherwise) => _values.TryGetValue(key, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : otherwise;
}
