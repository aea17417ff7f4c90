using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>A Python process that runs the same forward pass in PyTorch.</summary>
internal sealed class PythonForward : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("forward-benchmark-");
    private readonly PythonProcess _process;

    private PythonForward(string python, string checkpoint)
    {
        _process = PythonProcess.Start(python, "dit_forward.py", checkpoint, _folder.FullName);
        Versions = _process.Answer();
    }

    /// <summary>PyTorch's version and its number of threads.</summary>
    public string Versions { get; }

    /// <summary>Starts one, or says in <paramref name="reason"/> why there is none.</summary>
    public static PythonForward? TryStart(string checkpoint, out string reason) => PythonProcess.Find(out reason) is { } python ? new(python, checkpoint) : null;

    /// <summary>Hands over the input that the network of a batch size gets.</summary>
    public void Give(NetworkInput input) =>
        File.WriteAllBytes(Path.Combine(_folder.FullName, $"input-{input.Rows}.f32"), MemoryMarshal.AsBytes(input.Latents.data<float>().ToArray().AsSpan()).ToArray());

    /// <summary>Milliseconds of several forward passes, after one that is not timed.</summary>
    public double[] Time(ScalarType dtype, int batch, int times) =>
        [.. _process.Ask($"{Name(dtype)} {batch} {times}").Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];

    /// <summary>Largest difference between the two outputs.</summary>
    public double Difference(ScalarType dtype, Tensor output)
    {
        var bytes = File.ReadAllBytes(Path.Combine(_folder.FullName, $"output-{Name(dtype)}-{output.size(0)}.f32"));
        using var scope = NewDisposeScope();
        var other = tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray()).view(output.shape);
        return (output - other).abs().max().item<float>();
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Name(ScalarType dtype) => dtype.ToString().ToLowerInvariant();
}
