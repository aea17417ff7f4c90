using System.Diagnostics;
using Acceleration.Tests.Core;

namespace Acceleration.Tests.Onnx;

/// <summary>The tool in a process of its own, whose memory nothing else has used.</summary>
internal static class ToolMemory
{
    /// <summary>The most memory that a command had, which must come to a good end.</summary>
    public static long Peak(params IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Acceleration.Tool.dll"), .. command]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var peak = 0L;
        while (!process.WaitForExit(5))
        {
            peak = Math.Max(peak, PeakMemory.Of(process.Id));
        }

        Assert.True(process.ExitCode == 0, $"{output.GetAwaiter().GetResult()} {error.GetAwaiter().GetResult()}");
        return peak;
    }
}
