namespace Acceleration.Models;

/// <summary>A model in one file of its original release.</summary>
internal sealed class ModelFile : IModelSource
{
    private static readonly string[] Names = ["transformer", "unet", "vae", "text_encoder", "text_encoder_2"];
    private const string Autoencoder = "vae";

    /// <summary>FLUX was released with its autoencoder in a file of its own.</summary>
    private const string AutoencoderFile = "ae.safetensors";

    private readonly SafetensorsFile _file;
    private readonly SingleFileModel _model;

    public ModelFile(string path)
    {
        _file = SafetensorsFile.Open(path);
        try
        {
            _model = SingleFileModel.Of(_file) ?? throw new CheckpointException(
                path, null, "this is no whole model in the layout of an original release: Stable Diffusion 1, 2, XL or FLUX. A model of diffusers' form is a folder with a model_index.json.");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public string Name => ((ICheckpoint)_file).Name;

    public string Path => _file.FilePath;

    public string Pipeline => _model.Pipeline;

    public bool IsPredictionUnknown => _model.IsPredictionUnknown;

    public IReadOnlyList<(string Name, string? ClassName)> Components => [.. Names.Where(Has).Select(n => (n, (string?)null))];

    public bool Has(string component) => _model.Component(component) is not null || FileOf(component) is not null;

    public ICheckpoint Open(string component) => _model.Component(component) ?? (FileOf(component) is { } beside ? SafetensorsFile.Open(beside) : null) ?? throw new CheckpointException(Path, null, $"it does not hold the component '{component}'.");

    public string? FolderOf(string component) => null;

    public Scheduler Scheduler() => Acceleration.Scheduler.FromConfig(_model.Scheduler);

    public bool Flag(string key, bool otherwise) => otherwise;

    public void Dispose() => _file.Dispose();

    private string? FileOf(string component)
    {
        var beside = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, AutoencoderFile);
        return component == Autoencoder && Pipeline.StartsWith("Flux", StringComparison.Ordinal) && File.Exists(beside) ? beside : null;
    }
}
