namespace Acceleration.Fuzz;

/// <summary>A folder for the files of a run, in memory where the system has such a place. Until it is disposed, relative paths begin in it: an input that says <c>..</c> must not read whatever lies around.</summary>
internal sealed class FuzzFolder : IDisposable
{
    private const string Memory = "/dev/shm";
    private readonly string _before = Directory.GetCurrentDirectory();

    public FuzzFolder() => Directory.SetCurrentDirectory(Directory.CreateDirectory(System.IO.Path.Combine(Path, "here")).FullName);

    public string Path { get; } = Directory.Exists(Memory)
        ? Directory.CreateDirectory($"{Memory}/acceleration-fuzz-{Guid.NewGuid():N}").FullName
        : Directory.CreateTempSubdirectory("acceleration-fuzz-").FullName;

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        Directory.Delete(Path, recursive: true);
    }
}
