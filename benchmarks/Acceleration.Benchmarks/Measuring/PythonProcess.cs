using System.Diagnostics;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>A Python process with PyTorch that answers each line with a line, and idles while it is not asked.</summary>
internal sealed class PythonProcess : IDisposable
{
    private static readonly (string Name, string Value)[] Tuning =
    [
        ("OMP_WAIT_POLICY", "passive"),
        ("ATEN_CPU_CAPABILITY", "avx512"),
        ("MALLOC_MMAP_MAX_", "0"),
        ("MALLOC_TRIM_THRESHOLD_", "100000000000"),
        ("MALLOC_TOP_PAD_", "268435456"),
    ];

    private readonly Process _process;

    private PythonProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
    }

    /// <summary>The first python3 that has PyTorch, or null and in <paramref name="reason"/> why there is none.</summary>
    public static string? Find(out string reason)
    {
        var candidates = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Prepend("/usr/bin")
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "python.exe" : "python3"))
            .Where(File.Exists)
            .Distinct()
            .ToArray();
        reason = candidates.Length == 0 ? "there is no python3" : $"`import torch` fails in {string.Join(" and ", candidates)}";
        return Array.Find(candidates, HasTorch);
    }

    /// <summary>Starts a script of the folder Python.</summary>
    public static PythonProcess Start(string python, string script, params string[] arguments) =>
        new(StartInfo(python, PythonCore.Of(python), [Path.Combine(AppContext.BaseDirectory, "Python", script), .. arguments]));

    /// <summary>What a program prints; nothing where it fails.</summary>
    public static string Output(string python, string core, string program)
    {
        var start = StartInfo(python, core, "-c", program);
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : "";
    }

    /// <summary>The answer to a line.</summary>
    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return Answer();
    }

    /// <summary>The next line.</summary>
    public string Answer() => _process.StandardOutput.ReadLine()
        ?? throw new InvalidOperationException("The Python process ended early; its error message is above.");

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static bool HasTorch(string python) => Output(python, "", "import torch; print(torch.__version__)").Length > 0;

    private static ProcessStartInfo StartInfo(string python, string core, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true };
        start.Environment.Remove("OPENBLAS_CORETYPE");
        if (core.Length > 0)
        {
            start.Environment["OPENBLAS_CORETYPE"] = core;
        }

        start.Environment.Remove("OPENBLAS_L2_SIZE");
        start.Environment["OMP_NUM_THREADS"] = $"{get_num_threads()}";
        foreach (var (name, value) in Tuning)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
