using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>TorchSharp and libtorch, or why they do not load.</summary>
internal static class TorchLines
{
    public static IReadOnlyList<DoctorLine> Of()
    {
        var managed = typeof(torch).Assembly;
        var version = managed.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? managed.GetName().Version?.ToString(3);
        var first = new DoctorLine("TorchSharp", $"{version}, {managed.Location}");
        try
        {
            return [first, .. Loaded()];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var fault = e as TorchLoadException ?? new(e);
            return [first, new("libtorch", fault.Cause, fault.Remedy, Missing: true)];
        }
    }

    // On its own, so that a library that does not load fails inside the try.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static DoctorLine[] Loaded()
    {
        Runtime.Load();
        var before = get_num_threads();
        var tuned = Runtime.Tune();
        var right = Computes();
        var config = LibtorchConfig.Lines();
        return
        [
            new("libtorch", $"{__version__}, {(right ? "computes" : "computes wrongly")}", right ? null : "dotnet restore --force", !right),
            Devices(),
            new("BLAS", Blas(config)),
            new("oneDNN", config.FirstOrDefault(l => l.Contains("MKL-DNN", StringComparison.Ordinal) || l.Contains("oneDNN", StringComparison.Ordinal)) ?? "not told on this system"),
            new("instruction set", config.After("CPU capability usage:") ?? FromRuntime()),
            Threads(before, tuned),
            new("tuning", string.Join("; ", tuned.Settings.Select(s => $"{s.Name}: {s.Explanation}")), null),
            Waiting(),
        ];
    }

    /// <summary>Whether a product of matrices comes out right.</summary>
    private static bool Computes()
    {
        using var scope = NewDisposeScope();
        return ones(2, 2).mm(ones(2, 2)).sum().item<float>() == 8;
    }

    private static DoctorLine Devices()
    {
        var count = cuda_is_available() ? cuda.device_count() : 0;
        var devices = new List<string> { "cpu" };
        devices.AddRange(Enumerable.Range(0, count).Select(i => $"cuda:{i}"));
        if (mps_is_available())
        {
            devices.Add("mps");
        }

        // A driver without a CUDA libtorch is the usual mistake.
        var driver = count == 0 && File.Exists(OperatingSystem.IsWindows() ? Path.Combine(Environment.SystemDirectory, "nvcuda.dll") : "/proc/driver/nvidia/version");
        return new("devices", string.Join(", ", devices), driver ? "an NVIDIA driver is here, but libtorch is the one for the CPU: build with -p:Torch=cuda" : null);
    }

    private static string Blas(IReadOnlyList<string> config)
    {
        var settings = config.After("Build settings:");
        var named = settings?.Split(',').Select(s => s.Trim()).FirstOrDefault(s => s.StartsWith("BLAS_INFO=", StringComparison.Ordinal))?["BLAS_INFO=".Length..];
        var library = config.FirstOrDefault(l => l.Contains("Math Kernel Library", StringComparison.Ordinal) && !l.Contains("Deep Neural", StringComparison.Ordinal));
        return named is null && library is null ? "not told on this system" : string.Join(", ", new[] { named, library }.OfType<string>());
    }

    private static string FromRuntime() =>
        Avx512F.IsSupported ? "AVX512 (of the processor)" : Avx2.IsSupported ? "AVX2 (of the processor)" : System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported ? "NEON (of the processor)" : "baseline";

    private static DoctorLine Threads(int before, RuntimeReport tuned)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{tuned.Threads} in an operator{(before == tuned.Threads ? "" : $" ({before} before tuning)")}, {get_num_interop_threads()} between operators");
        return new("threads", text);
    }

    /// <summary>Passive waiting costs a third of the speed of small networks.</summary>
    private static DoctorLine Waiting()
    {
        const string variable = "OMP_WAIT_POLICY";
        var policy = Environment.GetEnvironmentVariable(variable);
        var passive = string.Equals(policy, "passive", StringComparison.OrdinalIgnoreCase);
        return new("waiting threads", policy ?? "default", passive ? $"unset {variable}: passive waiting makes small networks a third slower, unless other programs need the processor" : null);
    }
}
