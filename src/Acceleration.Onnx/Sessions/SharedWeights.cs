using System.Globalization;
using System.IO.MemoryMappedFiles;
using Acceleration.Onnx.Schema;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Acceleration.Onnx;

/// <summary>
/// Weights that lie in files of their own, for any number of graphs in host memory: each is mapped once, and once more there in the form in which matrix products take it. Graphs that overlap take no more memory than one that has all their nodes.
/// </summary>
/// <param name="folder">Where the files are. ONNX Runtime has loaded each graph from there, so that files and places in them are good.</param>
internal sealed class SharedWeights(string folder) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryMappedViewAccessor> _files = [];
    private readonly Dictionary<string, OrtValue> _values = [];

    /// <summary>Weights in the form of products.</summary>
    public PrePackedWeightsContainer Packed { get; } = new();

    /// <summary>Gives a graph's session those of its weights that are large; others it reads itself.</summary>
    public void Give(GraphProto graph, SessionOptions settings)
    {
        lock (_lock)
        {
            foreach (var weight in graph.Initializer)
            {
                if (Value(weight) is { } value)
                {
                    settings.AddInitializer(weight.Name, value);
                }
            }
        }
    }

    /// <summary>After all sessions that were given of it.</summary>
    public void Dispose()
    {
        foreach (var value in _values.Values)
        {
            value.Dispose();
        }

        foreach (var view in _files.Values)
        {
            view.Dispose();
        }

        Packed.Dispose();
    }

    private OrtValue? Value(TensorProto weight)
    {
        var said = weight.ExternalData.ToDictionary(e => e.Key, e => e.Value);
        var type = (TensorElementType)weight.DataType;
        var size = type switch { TensorElementType.Float => 4, TensorElementType.Float16 or TensorElementType.BFloat16 => 2, _ => 0 };
        if (size == 0 || !said.TryGetValue("location", out var location))
        {
            return null;
        }

        var offset = said.TryGetValue("offset", out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        var bytes = weight.Dims.Aggregate((long)size, (a, b) => checked(a * b));
        if (bytes == 0 || offset % size != 0)
        {
            return null;
        }

        var key = $"{location}:{offset}:{type}:{string.Join(',', weight.Dims)}";
        if (!_values.TryGetValue(key, out var value))
        {
            var view = File(location);
            _values[key] = value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, [.. weight.Dims], view.SafeMemoryMappedViewHandle.DangerousGetHandle() + (nint)offset, bytes);
        }

        return value;
    }

    private MemoryMappedViewAccessor File(string location)
    {
        if (!_files.TryGetValue(location, out var view))
        {
            using var file = MemoryMappedFile.CreateFromFile(Path.Combine(folder, location), FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
            _files[location] = view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        }

        return view;
    }
}
