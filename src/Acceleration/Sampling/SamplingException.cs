namespace Acceleration;

/// <summary>Something failed inside a step; the cause is <see cref="Exception.InnerException"/>.</summary>
public sealed class SamplingException : Exception
{
    /// <summary>Names where it happened.</summary>
    public SamplingException(StepInfo step, Site? site, Exception cause)
        : base($"Sampling failed at {step}{(site is null ? "" : $", site {site}")}: {FirstLine(cause.Message)}", cause)
    {
        (Step, Site) = (step, site);
    }

    /// <summary>The step.</summary>
    public StepInfo Step { get; }

    /// <summary>The innermost site that was running, if any.</summary>
    public Site? Site { get; }

    private static string FirstLine(string message)
    {
        var end = message.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? message : message[..end].TrimEnd();
    }
}
