namespace Acceleration.Onnx;

/// <summary>The graphs of a split model. ONNX Runtime opens each once without preparing it, so that what is wrong with one is found at loading though it is computed as a piece of a larger graph.</summary>
internal sealed class PartModels
{
    private readonly Dictionary<string, PartModel> _models = [];

    /// <exception cref="OnnxException">A graph is missing, cannot be run, or is not what the manifest says.</exception>
    public PartModels(string path, SplitManifest manifest, SessionLoader loader)
    {
        Folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var part in manifest.Parts)
        {
            var model = loader.Check(Path.Combine(Folder, part.File));
            _models.Add(part.File, model);
            RequireSame(model.File, part.Inputs, model.Inputs);
            RequireSame(model.File, part.Outputs, model.Outputs);
        }

        new PartFit(manifest, Of).Require();
    }

    public string Folder { get; }

    public PartModel Of(SplitPart part) => _models[part.File];

    private static void RequireSame(string file, IReadOnlyList<string> said, IReadOnlyList<Port> found)
    {
        if (!said.SequenceEqual(found.Select(p => p.Name)))
        {
            throw new OnnxException(file, $"it has {string.Join("; ", found)}, where the manifest says {string.Join(", ", said)}: they are of different splits. Split the model again.");
        }
    }
}
