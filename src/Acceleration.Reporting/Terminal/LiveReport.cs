using Spectre.Console;

namespace Acceleration.Reporting;

/// <summary>A comparison as a program runs it: progress while it lasts, then the files. Stopped with Ctrl-C, it reports what had been measured.</summary>
/// <param name="Report">What was measured.</param>
/// <param name="Page">Absolute path of <c>report.html</c>.</param>
public sealed record LiveReport(ComparisonReport Report, string Page)
{
    /// <summary>Runs a comparison on the calling thread and writes its report.</summary>
    /// <param name="progress">Where progress is drawn.</param>
    /// <param name="comparison">The comparison.</param>
    /// <param name="request">What to sample.</param>
    /// <param name="directory">Where the files go.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>The report; <see cref="ComparisonReport.Complete"/> tells whether it was stopped.</returns>
    /// <exception cref="OperationCanceledException">Stopped before the baseline had been measured once: there is nothing to report.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static LiveReport Run(IAnsiConsole progress, Comparison comparison, SamplingRequest request, string directory, CancellationToken cancellation = default)
    {
        ComparisonReport report;
        try
        {
            report = LiveComparison.Run(progress, comparison, request, cancellation);
        }
        catch (ComparisonStoppedException stopped) when (stopped.Partial is not null)
        {
            report = stopped.Partial;
        }

        return new(report, ReportFolder.Write(report, directory));
    }
}
