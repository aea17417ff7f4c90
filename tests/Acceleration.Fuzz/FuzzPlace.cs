using System.IO.MemoryMappedFiles;

namespace Acceleration.Fuzz;

/// <summary>Seed and number of the input that is running, in a file that outlives the process: libtorch may end it.</summary>
internal sealed class FuzzPlace : IDisposable
{
    /// <summary>Names the file; without it nothing is written.</summary>
    public const string Variable = "ACCELERATION_FUZZ_PLACE";

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;

    public FuzzPlace()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
        {
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, 2 * sizeof(long));
            _view = _file.CreateViewAccessor();
        }
    }

    public void Set(long seed, long number)
    {
        _view?.Write(0, seed);
        _view?.Write(sizeof(long), number);
    }

    public void Dispose()
    {
        _view?.Dispose();
        _file?.Dispose();
    }
}
