using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>
/// A diffusion network in an ONNX file, computed by ONNX Runtime. Inputs are recognised by name, type and shape (<see cref="OnnxOptions.Inputs"/> says otherwise); tensors cross in both directions without a copy, in
/// host memory as on a GPU. One session serves any number of concurrent requests. Strategies on whole predictions and network calls apply; to one that <see cref="OnnxSplitter"/> has split, those on blocks and cuts as well.
/// </summary>
/// <remarks>
/// A model that was exported for a fixed number of rows is called as often as needed, the last time with its last row repeated; one that takes a single timestep once for each time among the rows. On a GPU each call waits for libtorch before it
/// and for ONNX Runtime after it, as they work on streams of their own.
/// </remarks>
public sealed class OnnxDenoiser : IDenoiser
{
    private const string SplitIt = "Blocks and cuts of an ONNX model are sites once it is split: OnnxSplitter.Split, or 'acceleration split'.";
    private readonly IForward _forward;

    private OnnxDenoiser(IForward forward, DenoiserInfo info) => (_forward, Info) = (forward, info);

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>Whether it runs as the parts that <see cref="OnnxSplitter"/> made.</summary>
    public bool IsSplit => _forward is SplitForward;

    /// <summary>The model's inputs - name, type and size - and what each is given.</summary>
    public IReadOnlyList<(string Form, string What)> Inputs => Signature.Describe();

    internal ModelSignature Signature => _forward.Signature;

    /// <summary>Of a split model: whether every part is a call of its own, though no strategy asks for that.</summary>
    internal bool RunsApart
    {
        get => _forward is SplitForward { RunsApart: true };
        set => ((SplitForward)_forward).RunsApart = value;
    }

    /// <summary>Of a split model: the graphs that calls have made so far.</summary>
    internal IEnumerable<string> Graphs => ((SplitForward)_forward).Graphs.Made;

    /// <summary>Loads a model, whole or split.</summary>
    /// <param name="path">
    /// An .onnx file, a folder that holds one, itself or in <c>unet</c> or <c>transformer</c>, or the folder or manifest that <see cref="OnnxSplitter.Split"/> wrote. What a config.json and a scheduler_config.json beside
    /// it say need not be said in <paramref name="options"/>.
    /// </param>
    /// <param name="options">Provider, threads, and what the files do not say; null for the usual.</param>
    /// <exception cref="OnnxException">A file is missing or malformed, the provider is not available, an input is not recognised, or something must be said in <paramref name="options"/>.</exception>
    public static OnnxDenoiser Load(string path, OnnxOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new();
        var loader = new SessionLoader(options);
        return SplitAt(path) is { } manifest ? Split(manifest, loader, options) : Whole(ModelFiles.At(path), loader, options);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times or conditions do not fit the model.</exception>
    /// <exception cref="OnnxException">ONNX Runtime refuses the call.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        RequireSize(latents);
        evaluation.Layout = Info.Layout(latents.shape[1..]);
        var needsGroups = Signature.FixedRows > 0 || (Signature.HasOneTime && latents.size(0) > 1 && timestep.size(0) > 1);
        var output = needsGroups ? RowGroups.Run(Signature, latents, timestep, condition, Once) : Once(latents, timestep, condition);
        return output.MoveToOuterDisposeScope();

        Tensor Once(Tensor x, Tensor t, Conditioning c)
        {
            var made = _forward.Run(x, t, c, evaluation);
            return Signature.IsPacked ? PackedForm.Unpack(made, x.size(2), x.size(3)) : made;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _forward.Dispose();

    private static string? SplitAt(string path)
    {
        var manifest = Directory.Exists(path) ? Path.Combine(path, OnnxSplitter.ManifestName) : path;
        return manifest.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && File.Exists(manifest) ? manifest : null;
    }

    private static OnnxDenoiser Whole(ModelFiles files, SessionLoader loader, OnnxOptions options)
    {
        var graph = loader.Load(files.Model);
        try
        {
            var description = new ModelDescription(files, options, graph.Inputs, graph.Outputs);
            var cost = options.CountsWork ? WholeCost.Of(files.Model, description.Info, description.Signature) : description.Info.Sites.Network.Cost;
            return new(new WholeForward(graph, description.Signature, description.Output), description.Info with { Sites = new(cost) { Remedy = SplitIt }, Weights = WeightsFingerprint.Of(files.Model) });
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    private static OnnxDenoiser Split(string path, SessionLoader loader, OnnxOptions options)
    {
        var manifest = SplitManifest.Read(path);
        var forward = new SplitForward(path, manifest, loader);
        try
        {
            var files = ModelFiles.Around(path, manifest.Model);
            var description = new ModelDescription(files, options with { Output = null }, forward.Prelude.Inputs, [forward.Output]);
            forward.Signature = description.Signature;
            forward.Sites = new(manifest);
            if (description.Signature.FixedRows > 0 || description.Signature.HasOneTime)
            {
                throw new OnnxException(path, "its graphs take a fixed number of rows, or one timestep for all: split a model that was exported with dynamic rows.");
            }

            // Of the parts and not from the manifest: files of weights that are only linked may have been written anew since.
            var weights = WeightsFingerprint.Of(manifest.Parts.Select(p => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, p.File)));
            return new(forward, description.Info with { Sites = forward.Sites.Map, Weights = weights });
        }
        catch
        {
            forward.Dispose();
            throw;
        }
    }

    private void RequireSize(Tensor latents)
    {
        Info.RequireSize(latents.shape[1..]);
        var size = Signature.Latents.Size;
        for (var i = 1; i < size.Count && !Signature.IsPacked; i++)
        {
            if (size[i] > 0 && size[i] != latents.size(i))
            {
                throw new ArgumentException($"{Info.Name} was exported for latents [rows, {string.Join(", ", size.Skip(1))}] alone; given are [{string.Join(", ", latents.shape)}]. Export it with dynamic sides for others.", nameof(latents));
            }
        }
    }
}
