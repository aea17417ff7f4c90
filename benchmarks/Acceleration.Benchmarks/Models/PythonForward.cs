using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>A Python process that runs the same forward pass in PyTorch, and idles while it is not asked.</summary>
internal sealed class PythonForward : IDisposable
{
    private static readonly (string Name, string Value)[] Tuning =
    [
        ("OMP_WAIT_POLICY", "passive"),
        ("ATEN_CPU_CAPABILITY", "avx512"),
        ("MALLOC_MMAP_MAX_", "0"),
        ("MALLOC_TRIM_THRESHOLD_", "100000000000"),
        ("MALLOC_TOP_PAD_", "268435456"),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("forward-benchmark-");
    private readonly Process _process;

    private PythonForward(string python)
    {
        var start = Start(python, Path.Combine(AppContext.BaseDirectory, "Python", "dit_forward.py"), SampleNetwork.Path, _folder.FullName);
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
        Versions = Answer();
    }

    /// <summary>PyTorch's version and its number of threads.</summary>
    public string Versions { get; }

    /// <summary>Starts one, or says in <paramref name="reason"/> why there is none.</summary>
    public static PythonForward? TryStart(out string reason)
    {
        var candidates = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Prepend("/usr/bin")
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "python.exe" : "python3"))
            .Where(File.Exists)
            .Distinct()
            .ToArray();
        reason = candidates.Length == 0 ? "there is no python3" : $"`import torch` fails in {string.Join(" and ", candidates)}";
        return Array.Find(candidates, HasTorch) is { } python ? new(python) : null;
    }

    /// <summary>Hands over the input that the network of a batch size gets.</summary>
    public void Give(NetworkInput input) =>
        File.WriteAllBytes(Path.Combine(_folder.FullName, $"input-{input.Rows}.f32"), MemoryMarshal.AsBytes(input.Latents.data<float>().ToArray().AsSpan()).ToArray());

    /// <summary>Milliseconds of several forward passes, after one that is not timed.</summary>
    public double[] Time(ScalarType dtype, int batch, int times)
    {
        _process.StandardInput.WriteLine($"{Name(dtype)} {batch} {times}");
        _process.StandardInput.Flush();
        return [.. Answer().Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }

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
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Answer() => _process.StandardOutput.ReadLine()
        ?? throw new InvalidOperationException("The Python process ended early; its error message is above.");

    private static string Name(ScalarType dtype) => dtype.ToString().ToLowerInvariant();

    private static bool HasTorch(string python)
    {
        var start = Start(python, "-c", "import torch");
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static ProcessStartInfo Start(string python, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true };
        // Without them OpenBLAS recognises the processor itself.
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        start.Environment["OMP_NUM_THREADS"] = $"{get_num_threads()}";
        foreach (var (name, value) in Tuning)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
