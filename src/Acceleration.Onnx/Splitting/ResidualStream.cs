namespace Acceleration.Onnx;

/// <summary>Where a stream of one or two tensors is all that goes on: after the first residual sum's predecessor, and after each sum.</summary>
/// <param name="Main">The image's tensor.</param>
/// <param name="Text">The text's; null where there is one stream, or no text in it.</param>
internal sealed record StreamCut(string Main, string? Text = null)
{
    public IReadOnlyList<string> Values { get; } = Text is null ? [Main] : [Main, Text];
}

/// <summary>
/// Finds the residual stream of a transformer: sums of two values of one size that all paths from the latents to the output lead through, alone, or as pairs where image and text have streams of their own.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="sizes">Sizes of its values.</param>
/// <param name="output">The prediction.</param>
internal sealed class ResidualStream(GraphIndex graph, ProbedSizes sizes, string output)
{
    private readonly Paths _paths = new(graph);

    /// <summary>A residual sum.</summary>
    /// <param name="Value">The sum.</param>
    /// <param name="Before">The stream before it.</param>
    /// <param name="Branch">What is added.</param>
    internal sealed record Sum(string Value, string Before, string Branch);

    /// <summary>The sum that writes a value, or null.</summary>
    public Sum? SumAt(string value)
    {
        if (graph.Writer(value) is not { Op: "Add" } node || node.Reads.Count != 2 || !graph.IsStream(value))
        {
            return null;
        }

        var (a, b) = (node.Reads[0], node.Reads[1]);
        if (!sizes.AreAlike(a, value) || !sizes.AreAlike(b, value) || sizes.Of(value) is not { Length: 3 })
        {
            return null;
        }

        // The one that the other was made of is the stream; the text's first sum adds to what the latents have not yet met.
        return IsBefore(a, b) ? new(value, a, b) : IsBefore(b, a) ? new(value, b, a) : null;
    }

    /// <summary>The cuts in order; empty where there is no such stream.</summary>
    public IReadOnlyList<StreamCut> Cuts()
    {
        Sum[] sums = [.. graph.Nodes.Where(n => n.Op == "Add").Select(n => SumAt(n.Writes[0])).OfType<Sum>()];
        var single = sums.Where(s => _paths.AllLeadThrough(graph.Latents, output, s.Value)).ToArray();
        var pairs = Pairs([.. sums.Except(single)]);
        var found = pairs.Concat(single.Select(s => new StreamCut(s.Value))).OrderBy(c => c.Values.Max(v => graph.Writer(v)!.Index)).ToList();
        if (found.Count == 0)
        {
            return [];
        }

        found.Insert(0, First(found[0]));
        return found;
    }

    /// <summary>Paths within the graph.</summary>
    public Paths Paths => _paths;

    private bool IsBefore(string stream, string branch) => !_paths.Between(stream, branch).IsNone;

    private StreamCut First(StreamCut after)
    {
        var main = SumAt(after.Main)!.Before;
        return after.Text is null ? new(main) : new(main, SumAt(after.Text)!.Before);
    }

    /// <summary>Sums of two streams, paired in their order. The stream that the latents enter is the image's.</summary>
    private List<StreamCut> Pairs(Sum[] sums)
    {
        // Chains of sums, each the stream before the next.
        var next = sums.GroupBy(s => s.Before).ToDictionary(g => g.Key, g => g.ToArray());
        var starts = sums.Where(s => !sums.Any(o => o.Value == s.Before)).ToArray();
        Sum[][] chains = [.. starts.Select(s => Chain(s, next)).OrderByDescending(c => c.Length)];
        foreach (var main in chains.Where(c => graph.IsStream(c[0].Before)))
        {
            foreach (var text in chains.Where(c => c != main && Apart(c, main) && c.Length <= main.Length))
            {
                StreamCut[] pairs = [.. text.Select((t, i) => new StreamCut(main[i].Value, t.Value)).Where(c => _paths.AllLeadThrough(graph.Latents, output, c.Main, c.Text!))];
                if (pairs.Length > 0)
                {
                    return [.. pairs];
                }
            }
        }

        return [];
    }

    private static bool Apart(Sum[] a, Sum[] b) => !a.Any(x => b.Any(y => y.Value == x.Value));

    private static Sum[] Chain(Sum start, Dictionary<string, Sum[]> next)
    {
        var chain = new List<Sum> { start };
        while (next.TryGetValue(chain[^1].Value, out var following) && following is [var one])
        {
            chain.Add(one);
        }

        return [.. chain];
    }
}
