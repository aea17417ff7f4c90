using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The same network in PyTorch, in a process of its own.</summary>
internal sealed class PythonFamily : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("family-benchmark-");
    private readonly PythonProcess _process;

    public PythonFamily(string python, FamilyInput input)
    {
        var given = Path.Combine(_folder.FullName, "inputs.safetensors");
        SafetensorsFile.Write(given, input.Tensors.Select(t => (t.Key, t.Value)));
        _process = PythonProcess.Start(python, "family_forward.py", input.Checkpoint, given, _folder.FullName);
        Versions = _process.Answer();
    }

    /// <summary>PyTorch's version and its number of threads.</summary>
    public string Versions { get; }

    /// <summary>Milliseconds of several passes, after some that are not timed.</summary>
    public double[] Time(ScalarType dtype, int untimed, int timed) =>
        [.. _process.Ask($"{Name(dtype)} {untimed} {timed}").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];

    /// <summary>Largest difference of the outputs, relative to the largest value.</summary>
    public double Difference(ScalarType dtype, Tensor output)
    {
        var bytes = File.ReadAllBytes(Path.Combine(_folder.FullName, $"output-{Name(dtype)}.f32"));
        using var scope = NewDisposeScope();
        var other = tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray()).view(output.shape);
        return (output - other).abs().max().item<float>() / other.abs().max().item<float>();
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Name(ScalarType dtype) => dtype.ToString().ToLowerInvariant();
}
