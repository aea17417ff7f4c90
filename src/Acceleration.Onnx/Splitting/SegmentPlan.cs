namespace Acceleration.Onnx;

/// <summary>
/// Fills segments with nodes. The stream's nodes belong where they lie between boundaries; weights and what is made of them alone go where they are used; sizes are made again from what a segment has; what the network is told
/// is computed in the one segment that needs it, so that skipping that skips it too, or in the prelude where several do.
/// </summary>
/// <param name="file">The model, for messages.</param>
/// <param name="graph">Its graph.</param>
/// <param name="sizes">Sizes of its values.</param>
internal sealed class SegmentPlan(string file, GraphIndex graph, ProbedSizes sizes)
{
    private readonly SizeReads _reads = new(graph, sizes);
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<Segment, HashSet<string>> _wanted = [];
    private readonly Dictionary<Segment, HashSet<string>> _behind = [];

    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>A segment of the stream.</summary>
    /// <exception cref="OnnxException">What it makes depends on the stream beside its boundary.</exception>
    public Segment Add(string name, IReadOnlyList<string> boundary, params IReadOnlyList<string> targets)
    {
        var segment = new Segment(name, boundary, targets);
        var wanted = new HashSet<string>();
        _behind[segment] = Behind(boundary);
        foreach (var target in targets)
        {
            Collect(segment, target, wanted);
        }

        _segments.Add(segment);
        _wanted[segment] = wanted;
        return segment;
    }

    /// <summary>Gives what segments are told to one of them or to the prelude, which makes the first values of the stream as well.</summary>
    /// <param name="first">Those values.</param>
    public Segment Finish(IReadOnlyList<string> first)
    {
        Own();
        foreach (var segment in _segments)
        {
            segment.Told.AddRange(Missing(segment).Order(StringComparer.Ordinal));
        }

        var prelude = new Segment("prelude", [], [.. first.Concat(_segments.SelectMany(s => s.Told)).Distinct()]);
        foreach (var target in prelude.Targets)
        {
            CollectAll(prelude, target);
        }

        return prelude;
    }

    private void Collect(Segment segment, string value, HashSet<string> wanted)
    {
        if (segment.Boundary.Contains(value))
        {
            return;
        }

        if (graph.Writer(value) is not { } node)
        {
            if (graph.Kind(value) == ValueKind.Told)
            {
                wanted.Add(value);
            }
            else if (value == graph.Latents)
            {
                throw new OnnxException(file, $"'{segment.Name}' depends on the latents beside its boundary.");
            }

            return;
        }

        // A text's stream begins with what the network is told, and is the stream's from there on.
        if (graph.Kind(value) == ValueKind.Told && !_behind[segment].Contains(value))
        {
            wanted.Add(value);
            return;
        }

        if (IsSide(segment, node))
        {
            wanted.Add(value);
            return;
        }

        if (!segment.Add(node))
        {
            return;
        }

        foreach (var read in node.Reads)
        {
            if (node.ReadsSizes && graph.IsStream(read) && !segment.Boundary.Contains(read) && !Lies(segment, read))
            {
                segment.Substitutes[read] = Substitute(segment, node, wanted);
            }
            else
            {
                Collect(segment, read, wanted);
            }
        }
    }

    /// <summary>Whether a value was made of the stream, as far as the segment is concerned.</summary>
    public bool IsStream(Segment segment, string value) => graph.IsStream(value) || _behind[segment].Contains(value);

    /// <summary>What is made of those values at a boundary that the network is told.</summary>
    private HashSet<string> Behind(IReadOnlyList<string> boundary)
    {
        var behind = boundary.Where(b => graph.Kind(b) == ValueKind.Told).ToHashSet();
        foreach (var node in behind.Count == 0 ? [] : graph.Nodes.Where(n => n.Writes.Any(w => graph.Kind(w) == ValueKind.Told)))
        {
            if (node.Reads.Any(behind.Contains) && !node.ReadsSizes)
            {
                behind.UnionWith(node.Writes);
            }
        }

        return behind;
    }

    /// <summary>Whether a value of the stream lies behind the boundary.</summary>
    private bool Lies(Segment segment, string value)
    {
        var seen = new HashSet<string>();
        return Within(value);

        bool Within(string v) => segment.Boundary.Contains(v)
            || (graph.IsStream(v) && v != graph.Latents && (!seen.Add(v) || (graph.Writer(v) is { } node && node.Reads.Where(r => graph.IsStream(r) && !node.ReadsSizes).All(Within))));
    }

    /// <summary>Whether a node reads sides, and not the rows, of a value before the stream, such as those of the latents where the tokens have become one row: numbers, that the prelude can tell.</summary>
    private bool IsSide(Segment segment, GraphNode node) => _reads.SidesOf(node) is { } value && AreSidesTold(segment, value);

    /// <summary>Whether a segment has nothing of a value's size, and the prelude has the value.</summary>
    private bool AreSidesTold(Segment segment, string value) =>
        graph.IsStream(value) && !segment.Boundary.Contains(value) && !Lies(segment, value) && InBoundary(segment, value) is null && ToldAlike(value) is null && IsBefore(value, (_segments.FirstOrDefault() ?? segment).Boundary);

    /// <summary>Whether a value depends on none of the stream's.</summary>
    private bool IsBefore(string value, IReadOnlyList<string> stream)
    {
        var seen = new HashSet<string>();
        return Check(value);

        bool Check(string v) => !stream.Contains(v) && (!seen.Add(v) || graph.Writer(v) is not { } node || node.Reads.All(Check));
    }

    /// <summary>A value that a segment has, or can be told, whose size stands for what a node reads of another's.</summary>
    private string Substitute(Segment segment, GraphNode shape, HashSet<string> wanted)
    {
        var value = shape.Reads[0];
        if (segment.Substitutes.TryGetValue(value, out var known) && sizes.AreAlike(known, value))
        {
            return known;
        }

        if (InBoundary(segment, value) is { } inner)
        {
            return inner;
        }

        // Rows alone are what most exports ask for: any value has them.
        if (sizes.IsPerRow(value) && _reads.AreRows(shape, AreSidesTold(segment, value)) && segment.Boundary.FirstOrDefault(sizes.IsPerRow) is { } rows)
        {
            return rows;
        }

        var told = ToldAlike(value) ?? throw new OnnxException(file, $"'{segment.Name}' needs the size of '{value}', which lies outside of it, and nothing that it has is of that size.");
        wanted.Add(told);
        return told;
    }

    private string? InBoundary(Segment segment, string value) => segment.Boundary.FirstOrDefault(b => sizes.AreAlike(b, value));

    private string? ToldAlike(string value) => graph.Nodes.SelectMany(n => n.Writes).Concat(graph.Graph.Input.Select(i => i.Name)).FirstOrDefault(t => graph.Kind(t) == ValueKind.Told && sizes.AreAlike(t, value));

    /// <summary>A node of what is told belongs to a segment where that is all that needs it.</summary>
    private void Own()
    {
        foreach (var node in graph.Nodes.Reverse().Where(n => n.Writes.Any(w => graph.Kind(w) == ValueKind.Told)))
        {
            var users = _segments.Where(s => node.Writes.Any(w => _wanted[s].Contains(w))).ToArray();
            var reads = node.Writes.SelectMany(graph.Readers).Where(r => r.Writes.Any(w => graph.Kind(w) is ValueKind.Told)).ToArray();
            if (users is [var only] && reads.All(only.Has))
            {
                only.Add(node);
                foreach (var read in node.Reads)
                {
                    Collect(only, read, _wanted[only]);
                }
            }
        }
    }

    private IEnumerable<string> Missing(Segment segment) => _wanted[segment].Where(v => graph.Writer(v) is not { } node || !segment.Has(node)).Concat(
        segment.Substitutes.Values.Where(v => !segment.Boundary.Contains(v) && (graph.Writer(v) is not { } node || !segment.Has(node)))).Distinct();

    private void CollectAll(Segment prelude, string value)
    {
        if (graph.Writer(value) is { } node && prelude.Add(node))
        {
            foreach (var read in node.Reads)
            {
                CollectAll(prelude, read);
            }
        }
    }
}
