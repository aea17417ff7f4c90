namespace Acceleration.Onnx;

/// <summary>Splits a transformer: a branch for each residual sum, or pair of them, and blocks of these where they repeat.</summary>
/// <param name="file">The model, for messages.</param>
/// <param name="graph">Its graph.</param>
/// <param name="sizes">Sizes of its values.</param>
/// <param name="output">The prediction.</param>
internal sealed class ChainSplit(string file, GraphIndex graph, ProbedSizes sizes, string output)
{
    private readonly ResidualStream _stream = new(graph, sizes, output);
    private readonly SegmentPlan _plan = new(file, graph, sizes);

    private sealed record Planned(Segment Segment, bool ReadsText, bool IsJoint);

    /// <summary>The manifest, its graphs written; null where there is no chain of two blocks or more.</summary>
    public SplitManifest? Split(SegmentWriter writer)
    {
        var cuts = _stream.Cuts();
        if (cuts.Count < 3)
        {
            return null;
        }

        var (branches, place, end) = Branches(cuts);
        var groups = Repeats.Of([.. branches.Select(b => Form(b.Segment))]);
        if (groups.Count < 2)
        {
            return null;
        }

        var last = cuts[branches.Count];
        var tail = _plan.Add("tail", [end ?? last.Main], output);
        var prelude = _plan.Finish(cuts[0].Values);
        var blocks = groups.Select(g => new SplitBlock([.. branches.Skip(g.From).Take(g.Count).Select(b => Write(writer, b))])).ToArray();
        var perRow = prelude.Targets.Where(sizes.IsPerRow).ToArray();
        return new(Path.GetFileName(file), output, perRow, writer.Write(prelude, [.. graph.Graph.Input.Select(i => i.Name).Where(n => !graph.Weights.ContainsKey(n))]), new(cuts[0].Main, cuts[0].Text, place, end is not null, blocks), [], writer.Write(tail));
    }

    /// <summary>A branch for each step between cuts, as far as every step is a residual one.</summary>
    private (IReadOnlyList<Planned> Branches, TextPlace Place, string? Joint) Branches(IReadOnlyList<StreamCut> cuts)
    {
        var planned = new List<Planned>();
        var place = TextPlace.Before;
        string? joint = null;
        for (var i = 1; i < cuts.Count; i++)
        {
            var (before, after) = (cuts[i - 1], cuts[i]);
            var main = _stream.SumAt(after.Main)!;
            var name = $"branch-{planned.Count:000}";
            if (after.Text is { } text && before.Text is not null && _stream.SumAt(text) is { } second && second.Before == before.Text && main.Before == before.Main)
            {
                planned.Add(new(_plan.Add(name, before.Values, main.Branch, second.Branch, main.Value, second.Value), ReadsText: true, IsJoint: false));
            }
            else if (after.Text is null && main.Before == (joint ?? before.Main))
            {
                var reads = joint is null && before.Text is not null;
                planned.Add(new(_plan.Add(name, reads ? before.Values : [main.Before], main.Branch, main.Value), reads, joint is not null));
                joint = joint is null ? null : after.Main;
            }
            else if (after.Text is null && before.Text is not null && JoinOf(main.Before, before) is { } joined)
            {
                place = joined;
                joint = after.Main;
                planned.Add(new(_plan.Add(name, [main.Before], main.Branch, main.Value), ReadsText: false, IsJoint: true));
            }
            else
            {
                break;
            }
        }

        return (planned, place, joint);
    }

    private TextPlace? JoinOf(string value, StreamCut cut) =>
        graph.Writer(value) is not { Op: "Concat" } join || join.Reads.Count != 2 ? null
        : join.Reads[0] == cut.Text && join.Reads[1] == cut.Main ? TextPlace.Before
        : join.Reads[0] == cut.Main && join.Reads[1] == cut.Text ? TextPlace.After
        : null;

    /// <summary>By which repeated parts are known: operators in order, with the sizes of what they make of the stream.</summary>
    private string Form(Segment segment) => string.Join(' ', segment.Nodes.Where(n => n.Writes.Any(w => _plan.IsStream(segment, w))).Select(n => $"{n.Op}[{string.Join(',', sizes.Of(n.Writes[0]) ?? [])}]"));

    private SplitBranch Write(SegmentWriter writer, Planned branch) => new(KindOf(branch.Segment), writer.Write(branch.Segment), branch.ReadsText, branch.IsJoint);

    private SiteKind KindOf(Segment segment)
    {
        var attends = segment.Nodes.FirstOrDefault(n => n.Op is "Softmax" or "Attention" or "MultiHeadAttention" or "GroupQueryAttention");
        if (attends is null)
        {
            return SiteKind.FeedForward;
        }

        // Scores [rows, heads, queries, keys] of an image against something of another length.
        return segment.Boundary.Count == 1 && attends.Op == "Softmax" && sizes.Of(attends.Writes[0]) is [.., var queries, var keys] && queries != keys ? SiteKind.CrossAttention : SiteKind.SelfAttention;
    }
}
