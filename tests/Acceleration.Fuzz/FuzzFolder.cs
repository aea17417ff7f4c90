namespace Acceleration.Fuzz;

/// <summary>A folder for the files of a run, in memory where the system has such a place.</summary>
internal sealed class FuzzFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    public string Path { get; } = Directory.Exists(Memory)
        ? Directory.CreateDirectory($"{Memory}/acceleration-fuzz-{Guid.NewGuid():N}").FullName
        : Directory.CreateTempSubdirectory("acceleration-fuzz-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
