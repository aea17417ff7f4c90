using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>A split model: its parts, those that lie between two strategies as one graph.</summary>
internal sealed class SplitForward : IForward
{
    private readonly SplitManifest _manifest;
    private readonly PartModels _models;
    private readonly HashSet<string> _perRow;

    /// <exception cref="OnnxException">A graph is missing or is not what the manifest says.</exception>
    public SplitForward(string path, SplitManifest manifest, SessionLoader loader)
    {
        _manifest = manifest;
        _perRow = [.. manifest.PerRow];
        _models = new(path, manifest, loader);
        Graphs = new(_models, loader);
    }

    public ModelSignature Signature { get; set; } = null!;

    public SplitSites Sites { get; set; } = null!;

    public PartGraphs Graphs { get; }

    /// <summary>Whether every part is a call of its own, though no strategy asks for that.</summary>
    public bool RunsApart { get; set; }

    public PartModel Prelude => _models.Of(_manifest.Prelude);

    public Port Output => _models.Of(_manifest.Tail).Outputs[0];

    public SplitManifest Manifest => _manifest;

    public bool IsPerRow(string value) => _perRow.Contains(value);

    public Tensor Run(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        var given = Signature.Call(latents, timestep, condition);
        var picture = latents.shape[1..];
        if (!RunsApart && Sites.AreFree(evaluation))
        {
            var whole = _manifest.Chain is null ? CutFusion.Whole(Graphs, _manifest) : ChainFusion.Whole(Graphs, _manifest);
            return whole.Graph.Run(given, .., picture)[0];
        }

        var made = Graphs.Alone(_manifest.Prelude).Run(given, ..);
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

        var call = new SplitCall(this, told, picture);
        return _manifest.Chain is { } chain ? Chained(call, chain, evaluation) : new CutCall(call).Run(evaluation);
    }

    public void Dispose() => Graphs.Dispose();

    private Tensor Chained(SplitCall call, SplitChain chain, Evaluation evaluation)
    {
        var text = chain.Text is { } name ? call[name] : null;
        if (text is not null && evaluation.Layout is { } layout)
        {
            evaluation.Layout = layout with { TextLength = (int)text.size(1), Place = chain.Place, ValidText = (int)text.size(1) };
        }

        var h = evaluation.Chain(Sites.Chain!, new Value(call[chain.Main], text), call, static (h, from, to, s, e) => s.Blocks(h, from, to, e));
        return call.Run(_manifest.Tail, .., evaluation, chain.EndsJoint ? h.Joint(chain.Place) : h.Main)[0];
    }
}
