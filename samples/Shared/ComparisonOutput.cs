using Acceleration.Reporting;
using Spectre.Console;

namespace Acceleration.Samples;

/// <summary>A comparison as the galleries print it.</summary>
internal static class ComparisonOutput
{
    public static void Write(ComparisonReport report)
    {
        if (Console.IsOutputRedirected)
        {
            // A file has no width that lines could break at.
            AnsiConsole.Profile.Width = short.MaxValue;
        }

        AnsiConsole.Write(ComparisonTable.Of(report, AnsiConsole.Profile.Width));
    }
}
