using System.Globalization;
using System.Runtime.InteropServices;
using Acceleration.Reporting;

namespace Acceleration.Tool;

/// <summary>The machine and .NET: nothing here needs libtorch.</summary>
internal static class SystemLines
{
    public static IEnumerable<DoctorLine> Of()
    {
        yield return new("acceleration", typeof(SystemLines).Assembly.GetName().Version?.ToString(3) ?? "");
        yield return new(".NET", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        yield return new("system", RuntimeInformation.OSDescription);
        yield return new("processor", string.Create(CultureInfo.InvariantCulture, $"{MachineInfo.ProcessorName()}, {Environment.ProcessorCount} logical processors"));
        yield return new("memory", string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0.0} GiB usable"));
    }
}
