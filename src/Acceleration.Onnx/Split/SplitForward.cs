using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>A split model: the prelude, the chain or the cuts at their sites, the tail.</summary>
internal sealed class SplitForward : IForward
{
    private readonly SplitManifest _manifest;
    private readonly Dictionary<string, OnnxGraph> _graphs = [];
    private readonly HashSet<string> _perRow;

    /// <exception cref="OnnxException">A graph is missing or is not what the manifest says.</exception>
    public SplitForward(string path, SplitManifest manifest, SessionLoader loader)
    {
        _manifest = manifest;
        _perRow = [.. manifest.PerRow];
        try
        {
            foreach (var part in manifest.Parts)
            {
                var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, part.File);
                var graph = loader.Load(file);
                _graphs.Add(part.File, graph);
                RequireSame(file, part.Inputs, graph.Inputs);
                RequireSame(file, part.Outputs, graph.Outputs);
            }

            new PartFit(manifest, Graph).Require();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ModelSignature Signature { get; set; } = null!;

    public SplitSites Sites { get; set; } = null!;

    public OnnxGraph Prelude => Graph(_manifest.Prelude);

    public Port Output => Graph(_manifest.Tail).Outputs[0];

    public SplitChain Chain => _manifest.Chain!;

    public IReadOnlyList<SplitCut> Cuts => _manifest.Cuts;

    public OnnxGraph Graph(SplitPart part) => _graphs[part.File];

    public bool IsPerRow(string value) => _perRow.Contains(value);

    public Tensor Run(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        var given = Signature.Call(latents, timestep, condition);
        var made = Prelude.Run(given, ..);
        var told = new Dictionary<string, Tensor>(made.Length + given.Length);
        for (var i = 0; i < made.Length; i++)
        {
            told[_manifest.Prelude.Outputs[i]] = made[i];
        }

        // A part may be told an input as it is. ONNX Runtime does not write one that goes through a graph unchanged where it is asked to.
        for (var i = 0; i < given.Length; i++)
        {
            told[Prelude.Inputs[i].Name] = given[i];
        }

        var call = new SplitCall(this, told, latents.shape[1..]);
        return _manifest.Chain is { } chain ? Chained(call, chain, evaluation) : Nested(call, evaluation);
    }

    public void Dispose()
    {
        foreach (var graph in _graphs.Values)
        {
            graph.Dispose();
        }
    }

    private static void RequireSame(string file, IReadOnlyList<string> said, IReadOnlyList<Port> found)
    {
        if (!said.SequenceEqual(found.Select(p => p.Name)))
        {
            throw new OnnxException(file, $"it has {string.Join("; ", found)}, where the manifest says {string.Join(", ", said)}: they are of different splits. Split the model again.");
        }
    }

    private Tensor Chained(SplitCall call, SplitChain chain, Evaluation evaluation)
    {
        var text = chain.Text is { } name ? call[name] : null;
        if (text is not null && evaluation.Layout is { } layout)
        {
            evaluation.Layout = layout with { TextLength = (int)text.size(1), Place = chain.Place, ValidText = (int)text.size(1) };
        }

        var h = evaluation.Chain(Sites.Chain!, new Value(call[chain.Main], text), call, static (h, i, s, e) => s.Block(h, i, e));
        return call.Run(_manifest.Tail, .., evaluation, chain.EndsJoint ? h.Joint(chain.Place) : h.Main)[0];
    }

    private Tensor Nested(SplitCall call, Evaluation evaluation)
    {
        var skip = call[_manifest.Cuts[0].Skip];
        return call.Run(_manifest.Tail, .., evaluation, call.Inside(skip, 0, evaluation), skip)[0];
    }
}
