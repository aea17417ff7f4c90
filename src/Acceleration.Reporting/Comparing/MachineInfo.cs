using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Acceleration.Reporting;

/// <summary>Where something was measured.</summary>
public sealed record MachineInfo
{
    /// <summary>Name of the processor, or its architecture where the system does not tell.</summary>
    public required string Processor { get; init; }

    /// <summary>Logical processors that this process may use.</summary>
    public required int LogicalProcessors { get; init; }

    /// <summary>Threads that one tensor operator uses.</summary>
    public required int TorchThreads { get; init; }

    /// <summary>Memory this process may use, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Operating system.</summary>
    public required string System { get; init; }

    /// <summary>.NET runtime.</summary>
    public required string Runtime { get; init; }

    /// <summary>Version of libtorch.</summary>
    public required string Torch { get; init; }

    /// <summary>Device and element type that the baseline's network computes with, for example <c>cpu, Float32</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Describes this machine.</summary>
    /// <param name="network">The network measured.</param>
    public static MachineInfo Describe(DenoiserInfo network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Describe($"{network.Device}, {network.DType}");
    }

    /// <summary>Describes this machine.</summary>
    /// <param name="device">Device and element type measured.</param>
    public static MachineInfo Describe(string device) => new()
    {
        Processor = ProcessorName(),
        LogicalProcessors = Environment.ProcessorCount,
        TorchThreads = get_num_threads(),
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        System = RuntimeInformation.OSDescription,
        Runtime = RuntimeInformation.FrameworkDescription,
        Torch = __version__,
        Device = device,
    };

    /// <summary>Name of the processor, or its architecture where the system does not tell.</summary>
    public static string ProcessorName()
    {
        const string cpuinfo = "/proc/cpuinfo";
        var told = OperatingSystem.IsLinux() && File.Exists(cpuinfo)
            ? File.ReadLines(cpuinfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return string.IsNullOrEmpty(told) ? RuntimeInformation.ProcessArchitecture.ToString() : told;
    }
}
