namespace Acceleration.Models;

/// <summary>A model in a folder of diffusers' form: model_index.json, and a folder for each component.</summary>
internal sealed class ModelFolder : IModelSource
{
    private const string SchedulerConfig = "scheduler_config.json";

    private readonly ModelIndex _index;
    private readonly string? _variant;

    public ModelFolder(string path, string? variant)
    {
        (Path, _variant) = (path, variant);
        _index = ModelIndex.Read(System.IO.Path.Combine(path, ModelIndex.FileName));
    }

    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path)));

    public string Path { get; }

    public string Pipeline => _index.Pipeline;

    public bool IsPredictionUnknown => false;

    public IReadOnlyList<(string Name, string? ClassName)> Components => [.. _index.Components.Select(c => (c, _index.ClassOf(c)))];

    public bool Has(string component) => _index.ClassOf(component) is not null;

    public ICheckpoint Open(string component) => ComponentFolder.Open(FolderOf(component), _variant);

    public string FolderOf(string component) => System.IO.Path.Combine(Path, component);

    public Scheduler Scheduler()
    {
        var path = System.IO.Path.Combine(FolderOf("scheduler"), SchedulerConfig);
        return File.Exists(path) ? Acceleration.Scheduler.FromFile(path) : throw new CheckpointException(path, null, "the model's scheduler is not there.");
    }

    public bool Flag(string key, bool otherwise) => _index.Flag(key, otherwise);

    public void Dispose()
    {
        // Nothing is held open.
    }
}
