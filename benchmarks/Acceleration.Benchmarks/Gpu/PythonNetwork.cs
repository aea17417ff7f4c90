using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The same network in PyTorch, in a process of its own: eager, and compiled where PyTorch can.</summary>
internal sealed class PythonNetwork : IDisposable
{
    private readonly PythonProcess _process;
    private readonly SizedNetworks _other;

    public PythonNetwork(string python, SizedNetworks other, ScalarType dtype, string device)
    {
        _other = other;
        _process = PythonProcess.Start(python, "gpu_forward.py", other.Size.ToJson(), other.File, device, dtype.ToString().ToLowerInvariant());
        Versions = _process.Answer();
    }

    /// <summary>PyTorch's version, and the device.</summary>
    public string Versions { get; }

    /// <summary>Milliseconds of several passes, or null where this PyTorch does not do it.</summary>
    public double[]? Time(string mode, int times)
    {
        var answer = _process.Ask($"{mode} {times}");
        return answer == "unavailable" ? null : [.. answer.Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
    }

    /// <summary>Largest difference of the outputs, relative to the largest value.</summary>
    public double Difference(Tensor output)
    {
        _process.Ask($"output {_other.Output}");
        using var scope = NewDisposeScope();
        var theirs = tensor(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(_other.Output)).ToArray()).view(output.shape);
        var mine = output.to(ScalarType.Float32).cpu();
        return (mine - theirs).abs().max().item<float>() / theirs.abs().max().item<float>();
    }

    public void Dispose() => _process.Dispose();
}
