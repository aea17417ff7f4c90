using System.Globalization;
using Acceleration.Onnx.Schema;
using Google.Protobuf;

namespace Acceleration.Onnx;

/// <summary>Puts weights into files beside the graphs, which share them: those that were inside of the model into one of ours, those in files of their own stay in these.</summary>
/// <param name="model">The model's file.</param>
/// <param name="folder">Where the graphs will be.</param>
internal sealed class Externals(string model, string folder) : IDisposable
{
    /// <summary>Name of the file of weights.</summary>
    public const string FileName = "weights.bin";

    // ONNX Runtime maps a weight that begins at a page; what is smaller stays in the graph.
    private const int Alignment = 4096;
    private const int Least = 1024;
    private const int External = 1;
    private readonly HashSet<string> _linked = [];
    private FileStream? _file;

    /// <summary>Moves the data of a graph's weights, in place.</summary>
    /// <exception cref="OnnxException">A file of weights is missing, or lies outside of the model's folder.</exception>
    public void Move(GraphProto graph)
    {
        foreach (var weight in graph.Initializer)
        {
            Move(weight);
        }

        foreach (var value in graph.Node.Where(n => n.OpType == "Constant").SelectMany(n => n.Attribute).Where(a => a.T is not null))
        {
            if (value.T.DataLocation == External)
            {
                Link(value.T);
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Move(TensorProto weight)
    {
        if (weight.DataLocation == External)
        {
            Link(weight);
        }
        else if (weight.RawData.Length >= Least)
        {
            _file ??= new(Path.Combine(folder, FileName), FileMode.Create, FileAccess.Write);
            var at = (_file.Position + Alignment - 1) / Alignment * Alignment;
            _file.SetLength(at);
            _file.Position = at;
            var length = weight.RawData.Length;
            weight.RawData.WriteTo(_file);
            weight.RawData = ByteString.Empty;
            weight.DataLocation = External;
            weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = FileName });
            weight.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = at.ToString(CultureInfo.InvariantCulture) });
            weight.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length.ToString(CultureInfo.InvariantCulture) });
        }
    }

    /// <summary>A file that has weights already is linked, or copied where the file system cannot.</summary>
    private void Link(TensorProto weight)
    {
        var location = weight.ExternalData.FirstOrDefault(e => e.Key == "location")?.Value ?? throw new OnnxException(model, $"the weight '{weight.Name}' lies in a file that is not named.");
        var root = Path.GetDirectoryName(Path.GetFullPath(model))!;
        var from = Path.GetFullPath(Path.Combine(root, location));
        if (Path.IsPathRooted(location) || !from.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new OnnxException(model, $"the weight '{weight.Name}' lies in '{location}', outside of the model's folder.");
        }

        if (!File.Exists(from))
        {
            throw new OnnxException(model, $"the weight '{weight.Name}' lies in '{location}', which is missing: copy the model with all files beside it.");
        }

        var to = Path.GetFullPath(Path.Combine(folder, location));
        if (_linked.Add(location) && to != from)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Delete(to);
            FileLink.Make(from, to);
        }
    }
}
