namespace Acceleration.Onnx;

/// <summary>Splits a UNet at its skip connections: each is a value that all paths to what it is joined with lead through.</summary>
/// <param name="file">The model, for messages.</param>
/// <param name="graph">Its graph.</param>
/// <param name="sizes">Sizes of its values.</param>
/// <param name="output">The prediction.</param>
internal sealed class UNetSplit(string file, GraphIndex graph, ProbedSizes sizes, string output)
{
    private const int ChannelAxis = 1;
    private readonly Paths _paths = new(graph);

    /// <summary>The manifest, its graphs written; null where there is no skip connection.</summary>
    public SplitManifest? Split(SegmentWriter writer)
    {
        var skips = Skips();
        if (skips.Count == 0)
        {
            return null;
        }

        var plan = new SegmentPlan(file, graph, sizes);
        var planned = new List<(Segment? Down, Segment Up)>();
        for (var k = 0; k < skips.Count; k++)
        {
            var (skip, inner) = skips[k];
            if (k == skips.Count - 1)
            {
                planned.Add((null, plan.Add("middle", [skip], inner)));
            }
            else
            {
                var (next, made) = skips[k + 1];
                planned.Add((plan.Add($"down-{k:00}", [skip], next), plan.Add($"up-{k:00}", [made, next], inner)));
            }
        }

        var tail = plan.Add("tail", [skips[0].Inner, skips[0].Skip], output);
        var prelude = plan.Finish([skips[0].Skip]);
        var cuts = planned.Select((p, k) => new SplitCut(skips[k].Skip, skips[k].Inner, p.Down is null ? null : writer.Write(p.Down), writer.Write(p.Up), sizes.Of(skips[k].Inner)![ChannelAxis], sizes.AreAlike(skips[k].Skip, skips[k].Inner))).ToArray();
        return new(Path.GetFileName(file), output, [.. prelude.Targets.Where(sizes.IsPerRow)], writer.Write(prelude, [.. graph.Graph.Input.Select(i => i.Name).Where(n => !graph.Weights.ContainsKey(n))]), null, cuts, writer.Write(tail));
    }

    /// <summary>Skip connections and what they are joined with, the outermost first: nested as far as they are.</summary>
    private List<(string Skip, string Inner)> Skips()
    {
        var found = new List<(string Skip, string Inner)>();
        foreach (var node in graph.Nodes.Where(n => n.Op == "Concat" && n.Reads.Count == 2 && n.Attribute("axis") is { } axis && Axis(axis.I, n) == ChannelAxis && n.Reads.All(graph.IsStream)).Reverse())
        {
            var (a, b) = (node.Reads[0], node.Reads[1]);
            var (skip, inner) = _paths.Between(a, b).IsNone ? (b, a) : (a, b);

            // Nodes come from the last to the first, so each must lie within the one before.
            var outer = found.Count > 0 ? found[^1] : (Skip: graph.Latents, Inner: output);
            if (_paths.AllLeadThrough(graph.Latents, inner, skip) && _paths.AllLeadThrough(outer.Skip, inner, skip) && !_paths.Between(inner, outer.Inner).IsNone && (sizes.Of(skip)?.Length ?? 0) >= 4)
            {
                found.Add((skip, inner));
            }
        }

        return found;
    }

    private long Axis(long axis, GraphNode node) => axis >= 0 ? axis : axis + (sizes.Of(node.Writes[0])?.Length ?? 0);
}
