using Acceleration.Onnx.Schema;

namespace Acceleration.Onnx;

/// <summary>A value of a graph.</summary>
/// <param name="Name">What it is called there.</param>
/// <param name="Like">Its type and form.</param>
internal readonly record struct Named(string Name, ValueInfoProto Like);

/// <summary>Makes one graph of parts that follow one another, so that one call computes them and ONNX Runtime may fuse across them.</summary>
internal sealed class Fusion
{
    private readonly GraphProto _graph = new() { Name = "fused" };
    private readonly HashSet<string> _weights = [];
    private readonly Dictionary<string, Named> _told = [];
    private readonly Dictionary<string, NodeProto?> _made = [];
    private readonly List<string> _asked = [];
    private ModelProto? _form;
    private int _parts;

    /// <summary>What the graph is told behind its inputs of the stream, by the names that the parts have for it.</summary>
    public IReadOnlyList<string> Asked => _asked;

    /// <summary>An input of the stream. All come before the first part.</summary>
    public Named Input(Named value)
    {
        _graph.Input.Add(value.Like.Clone());
        _made.Add(value.Name, null);
        return value;
    }

    /// <summary>What comes before the stream: later parts are told what it makes, and what it is given.</summary>
    public void Begin(PartModel prelude)
    {
        foreach (var made in Append(prelude))
        {
            _told[made.Like.Name] = made;
        }
    }

    /// <summary>What a value of the prelude is called here.</summary>
    public Named Told(string value) => _told[value];

    /// <summary>The next part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="stream">Values of the stream that it is given, as they are called here: its first inputs.</param>
    /// <returns>Its outputs, as they are called here.</returns>
    public Named[] Append(PartModel part, params IReadOnlyList<Named> stream)
    {
        _form ??= part.Model;
        _parts++;
        var graph = part.Model.Graph;
        var names = new Dictionary<string, string>();
        for (var i = 0; i < graph.Input.Count; i++)
        {
            names[graph.Input[i].Name] = i < stream.Count ? stream[i].Name : Ask(graph.Input[i]);
        }

        _graph.Initializer.AddRange(graph.Initializer.Where(w => _weights.Add(w.Name)));
        foreach (var node in graph.Node)
        {
            Add(node.Clone(), names);
        }

        return [.. graph.Output.Select(o => new Named(names.GetValueOrDefault(o.Name, o.Name), o))];
    }

    /// <summary>Two values behind one another along their tokens.</summary>
    public Named Join(Named first, Named second)
    {
        const int Integer = 2;
        var name = Own("joint");
        _graph.Node.Add(new NodeProto { OpType = "Concat", Input = { first.Name, second.Name }, Output = { name }, Attribute = { new AttributeProto { Name = "axis", I = 1, Type = Integer } } });
        _made.Add(name, null);
        return new(name, first.Like);
    }

    /// <summary>The graph, with these outputs.</summary>
    public ModelProto Finish(params IEnumerable<Named> outputs)
    {
        foreach (var (name, like) in outputs)
        {
            var output = like.Clone();
            output.Name = name;
            _graph.Output.Add(output);
        }

        var model = _form!.Clone();
        model.Graph = _graph;
        return model;
    }

    private string Own(string name) => $"{name}/fused-{_parts}";

    private string Ask(ValueInfoProto value)
    {
        if (!_told.TryGetValue(value.Name, out var known))
        {
            var input = value.Clone();
            input.Name = _made.ContainsKey(value.Name) ? Own(value.Name) : value.Name;
            _graph.Input.Add(input);
            _made.Add(input.Name, null);
            _asked.Add(value.Name);
            _told.Add(value.Name, known = new(input.Name, value));
        }

        return known.Name;
    }

    /// <summary>Parts make again what they need of sizes and weights: an equal node is there once. One that reads what stands for a size in its part makes another value of that name, which gets a name of its own.</summary>
    private void Add(NodeProto node, Dictionary<string, string> names)
    {
        Rename(node, names);
        if (node.Output.Any(o => o.Length > 0 && _made.TryGetValue(o, out var other) && node.Equals(other)))
        {
            return;
        }

        var original = node.Clone();
        var clashes = node.Output.Any(_made.ContainsKey);
        for (var i = 0; i < node.Output.Count; i++)
        {
            if (node.Output[i] is { Length: > 0 } output)
            {
                if (clashes)
                {
                    names[output] = node.Output[i] = Own(output);
                }

                _made.Add(node.Output[i], clashes ? null : original);
            }
        }

        _graph.Node.Add(node);
    }

    private static void Rename(NodeProto node, Dictionary<string, string> names)
    {
        for (var i = 0; i < node.Input.Count; i++)
        {
            node.Input[i] = names.GetValueOrDefault(node.Input[i], node.Input[i]);
        }

        foreach (var inner in node.Attribute.SelectMany(a => a.G is null ? a.Graphs : a.Graphs.Append(a.G)).SelectMany(g => g.Node))
        {
            Rename(inner, names);
        }
    }
}
