using System.Text.Json;
using Acceleration.Onnx.Schema;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>
/// Runs a graph as it stands, node by node, with ONNX Runtime's profiler, which notes the sizes of what every node writes: sizes need not be inferred, and operators need not be known for it.
/// </summary>
internal static class SizeProbe
{
    /// <param name="file">The model's file, for messages.</param>
    /// <param name="model">The model.</param>
    /// <param name="folder">Where files of weights lie that it names.</param>
    /// <param name="graph">The same graph, by values.</param>
    /// <param name="inputs">A call's inputs by name.</param>
    /// <exception cref="OnnxException">ONNX Runtime refuses the model or the call.</exception>
    public static Dictionary<string, Probed> Run(string file, ModelProto model, string folder, GraphIndex graph, IReadOnlyList<(string Name, Tensor Value)> inputs)
    {
        var named = model.Clone();
        named.Graph.Node.Clear();
        named.Graph.Node.AddRange(graph.Nodes.Select(n =>
        {
            var node = n.Proto.Clone();
            node.Name = $"{n.Index}";
            return node;
        }));
        var isMixed = HasHalf(model.Graph);
        if (isMixed)
        {
            // Where the processor has no kernel for half precision, the profile has that of float32. Types of outputs are those of the graph.
            var known = named.Graph.Output.Select(o => o.Name).ToHashSet();
            named.Graph.Output.AddRange(graph.Nodes.SelectMany(n => n.Writes).Where(w => w.Length > 0 && known.Add(w)).Select(w => new ValueInfoProto { Name = w }));
        }

        var (profile, types) = Profile(file, named.ToByteArray(), folder, inputs, [.. model.Graph.Output.Select(o => o.Name)]);
        var sizes = Sizes(profile, graph, inputs);
        foreach (var (name, type) in isMixed ? types : [])
        {
            if (sizes.TryGetValue(name, out var probed))
            {
                sizes[name] = probed with { Type = type };
            }
        }

        return sizes;
    }

    private static bool HasHalf(GraphProto graph)
    {
        int[] half = [(int)ElementTypes.Onnx(ScalarType.Float16), (int)ElementTypes.Onnx(ScalarType.BFloat16)];
        return graph.Initializer.Any(i => half.Contains(i.DataType)) || graph.Input.Any(i => half.Contains(i.Type?.TensorType?.ElemType ?? 0)) || graph.Node.Any(n => n.Attribute.Any(a => (n.OpType == "Cast" && half.Contains((int)a.I)) || half.Contains(a.T?.DataType ?? 0)));
    }

    private static (string Text, IReadOnlyList<(string Name, int Type)> Types) Profile(string file, byte[] model, string folder, IReadOnlyList<(string Name, Tensor Value)> inputs, IReadOnlyCollection<string> outputs)
    {
        try
        {
            using var settings = new SessionOptions
            {
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
                EnableProfiling = true,
                ProfileOutputPathPrefix = Path.Combine(Path.GetTempPath(), $"acceleration-{Guid.NewGuid():N}"),

                // What it refuses is thrown, and may only mean that the model takes no such size.
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            settings.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
            using var session = new InferenceSession(model, settings);
            using var run = new RunOptions();
            var values = inputs.Select(i => TensorMemory.View(i.Value, i.Value.shape, TensorMemory.Address(i.Value), OrtMemoryInfo.DefaultInstance)).ToArray();
            try
            {
                using var _ = session.Run(run, [.. inputs.Select(i => i.Name)], values, outputs);
            }
            finally
            {
                Array.ForEach(values, v => v.Dispose());
            }

            var profile = session.EndProfiling();
            try
            {
                return (File.ReadAllText(profile), [.. session.OutputMetadata.Where(o => o.Value.IsTensor).Select(o => (o.Key, (int)o.Value.ElementDataType))]);
            }
            finally
            {
                File.Delete(profile);
            }
        }
        catch (Exception e) when (SessionFault.IsOurs(e))
        {
            throw SessionFault.InLoading(file, e);
        }
    }

    private static Dictionary<string, Probed> Sizes(string profile, GraphIndex graph, IReadOnlyList<(string Name, Tensor Value)> inputs)
    {
        var sizes = new Dictionary<string, Probed>();
        foreach (var (name, value) in inputs)
        {
            sizes[name] = new((int)ElementTypes.Onnx(value.dtype), value.shape);
        }

        foreach (var (name, weight) in graph.Weights)
        {
            sizes[name] = new(weight.DataType, [.. weight.Dims]);
        }

        foreach (var node in graph.Nodes.Where(n => n.Op == "Constant"))
        {
            if (node.Attribute("value")?.T is { } constant)
            {
                sizes[node.Writes[0]] = new(constant.DataType, [.. constant.Dims]);
            }
        }

        using var events = JsonDocument.Parse(profile);
        foreach (var e in events.RootElement.EnumerateArray())
        {
            const string Kernel = "_kernel_time";
            if (e.GetProperty("name").GetString() is { } name && name.EndsWith(Kernel, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(0, name.Length - Kernel.Length), out var at) && at < graph.Nodes.Count
                && e.TryGetProperty("args", out var args) && args.TryGetProperty("output_type_shape", out var outputs))
            {
                var writes = graph.Nodes[at].Writes;
                var i = 0;
                foreach (var output in outputs.EnumerateArray().Take(writes.Count))
                {
                    var written = output.EnumerateObject().First();
                    sizes[writes[i++]] = new(TypeNumbers.Of(written.Name), [.. written.Value.EnumerateArray().Select(d => d.GetInt64())]);
                }
            }
        }

        return sizes;
    }
}
