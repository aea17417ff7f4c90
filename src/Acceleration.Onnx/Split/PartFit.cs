namespace Acceleration.Onnx;

/// <summary>Whether the graphs of a split model hand each other what they take: type and number of dimensions.</summary>
/// <param name="manifest">Which graph is what.</param>
/// <param name="graph">The graph of a part.</param>
internal sealed class PartFit(SplitManifest manifest, Func<SplitPart, PartModel> graph)
{
    private const string Remedy = "the graphs are of different splits. Split the model again.";

    /// <exception cref="OnnxException">A graph takes another type or rank than what it is given: the graphs are of different splits, or the manifest is another's.</exception>
    public void Require()
    {
        var told = graph(manifest.Prelude).Outputs.ToDictionary(p => p.Name);
        foreach (var part in manifest.Parts.Skip(1))
        {
            // The stream's are called otherwise where they are made.
            foreach (var port in graph(part).Inputs.Where(p => told.ContainsKey(p.Name)))
            {
                Require(part, port, told[port.Name]);
            }
        }

        if (manifest.Chain is { } chain)
        {
            Chain(chain, told);
        }
        else
        {
            Cuts(told[manifest.Cuts[0].Skip]);
        }
    }

    private void Chain(SplitChain chain, Dictionary<string, Port> told)
    {
        var (main, text) = (told[chain.Main], chain.Text is { } name ? told[name] : null);
        if (text is not null && (main.Rank != 3 || !IsLike(text, main)))
        {
            throw new OnnxException(graph(manifest.Prelude).File, $"the stream begins as {main} and {text}, where [rows, tokens, channels] of one type is expected of both: {Remedy}");
        }

        foreach (var branch in chain.Blocks.SelectMany(b => b.Branches))
        {
            var ports = graph(branch.Part);
            foreach (var port in ports.Inputs.Take(branch.ReadsText ? 2 : 1).Concat(ports.Outputs))
            {
                Require(branch.Part, port, main);
            }
        }

        Require(manifest.Tail, graph(manifest.Tail).Inputs[0], main);
    }

    private void Cuts(Port skip)
    {
        foreach (var cut in manifest.Cuts)
        {
            foreach (var (part, given) in new[] { (cut.Down, 1), (cut.Up, cut.Down is null ? 1 : 2) })
            {
                foreach (var port in part is null ? [] : graph(part).Inputs.Take(given).Concat(graph(part).Outputs))
                {
                    Require(part!, port, skip);
                }
            }
        }

        foreach (var port in graph(manifest.Tail).Inputs.Take(2))
        {
            Require(manifest.Tail, port, skip);
        }
    }

    private void Require(SplitPart part, Port port, Port given)
    {
        if (!IsLike(port, given))
        {
            throw new OnnxException(graph(part).File, $"it has {port}, where {given} is handed over: {Remedy}");
        }
    }

    private static bool IsLike(Port a, Port b) => (a.DType, a.Rank) == (b.DType, b.Rank);
}
