using Acceleration.Onnx.Schema;

namespace Acceleration.Onnx;

/// <summary>A graph by its values: who writes each, who reads it, and what it depends on.</summary>
internal sealed class GraphIndex
{
    private readonly Dictionary<string, GraphNode> _writer = [];
    private readonly Dictionary<string, List<GraphNode>> _readers = [];
    private readonly Dictionary<string, ValueKind> _kinds = [];

    /// <param name="file">The file, for messages.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="latents">The input that the stream begins with.</param>
    /// <exception cref="OnnxException">It has a cycle, a value that nobody writes, or one that is written twice.</exception>
    public GraphIndex(string file, GraphProto graph, string latents)
    {
        (Graph, Latents) = (graph, latents);
        Weights = graph.Initializer.ToDictionary(i => i.Name);
        Nodes = Ordered(file, graph);
        foreach (var node in Nodes)
        {
            foreach (var name in node.Writes)
            {
                if (!_writer.TryAdd(name, node))
                {
                    throw new OnnxException(file, $"the value '{name}' is written twice.");
                }
            }

            foreach (var name in node.Reads)
            {
                if (!_readers.TryGetValue(name, out var readers))
                {
                    _readers[name] = readers = [];
                }

                readers.Add(node);
            }
        }

        Classify();
    }

    public GraphProto Graph { get; }

    public string Latents { get; }

    public IReadOnlyList<GraphNode> Nodes { get; }

    public IReadOnlyDictionary<string, TensorProto> Weights { get; }

    public GraphNode? Writer(string value) => _writer.GetValueOrDefault(value);

    public IReadOnlyList<GraphNode> Readers(string value) => _readers.TryGetValue(value, out var readers) ? readers : [];

    public ValueKind Kind(string value) => _kinds.GetValueOrDefault(value);

    /// <summary>Whether a value has come from the latents themselves.</summary>
    public bool IsStream(string value) => Kind(value) == ValueKind.Stream;

    private static List<GraphNode> Ordered(string file, GraphProto graph)
    {
        var ready = graph.Input.Select(i => i.Name).Concat(graph.Initializer.Select(i => i.Name)).ToHashSet();
        var nodes = graph.Node.Select((n, i) => new GraphNode(i, n)).ToArray();
        var writer = new Dictionary<string, int>();
        for (var i = 0; i < nodes.Length; i++)
        {
            foreach (var name in nodes[i].Writes)
            {
                writer.TryAdd(name, i);
            }
        }

        var missing = new int[nodes.Length];
        var waiting = new List<int>[nodes.Length];
        var queue = new PriorityQueue<int, int>();
        for (var i = 0; i < nodes.Length; i++)
        {
            foreach (var name in nodes[i].Reads.Where(n => !ready.Contains(n)).Distinct())
            {
                var from = writer.TryGetValue(name, out var at) ? at : throw new OnnxException(file, $"'{nodes[i].Op}' reads '{name}', which is neither an input, nor a weight, nor written by a node.");
                (waiting[from] ??= []).Add(i);
                missing[i]++;
            }

            if (missing[i] == 0)
            {
                queue.Enqueue(i, i);
            }
        }

        var order = new List<GraphNode>(nodes.Length);
        while (queue.TryDequeue(out var next, out _))
        {
            order.Add(nodes[next] with { Index = order.Count });
            foreach (var i in waiting[next] ?? [])
            {
                if (--missing[i] == 0)
                {
                    queue.Enqueue(i, i);
                }
            }
        }

        return order.Count == nodes.Length ? order : throw new OnnxException(file, "its nodes depend on one another in a circle.");
    }

    private void Classify()
    {
        foreach (var input in Graph.Input.Where(i => !Weights.ContainsKey(i.Name)))
        {
            _kinds[input.Name] = input.Name == Latents ? ValueKind.Stream : ValueKind.Told;
        }

        foreach (var node in Nodes)
        {
            var kind = ValueKind.Constant;
            foreach (var read in node.Reads)
            {
                var given = Kind(read);
                kind = (ValueKind)Math.Max((int)kind, (int)(node.ReadsSizes && given != ValueKind.Constant ? ValueKind.Sizes : given));
            }

            foreach (var name in node.Writes)
            {
                _kinds[name] = kind;
            }
        }
    }
}
