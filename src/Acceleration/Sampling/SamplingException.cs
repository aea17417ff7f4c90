namespace Acceleration;

/// <summary>Something failed inside a step; the cause is <see cref="Exception.InnerException"/>.</summary>
public sealed class SamplingException : Exception
{
    /// <summary>Names where it happened.</summary>
    public SamplingException(StepInfo step, Site? site, Exception cause)
        : this(step, site, site is null ? "" : $", site {site}", cause)
    {
    }

    private SamplingException(StepInfo step, Site? site, string place, Exception cause)
        : base($"Sampling failed at {step}{place}: {FirstLine(cause)}", cause)
    {
        (Step, Site) = (step, site);
    }

    /// <summary>The step.</summary>
    public StepInfo Step { get; }

    /// <summary>The innermost site that was running, if any.</summary>
    public Site? Site { get; }

    /// <summary>The step was done, but who was told of it failed.</summary>
    internal static SamplingException InCallback(StepInfo step, Exception cause) => new(step, null, ", in the progress callback", cause);

    private static string FirstLine(Exception cause)
    {
        var message = MessageOf(cause);
        var end = message.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? message : message[..end].TrimEnd();
    }

    /// <summary>A message may be made when it is asked for, and its making may fail: that must not hide the cause.</summary>
    private static string MessageOf(Exception cause)
    {
        try
        {
            return cause.Message ?? cause.GetType().Name;
        }
        catch (Exception)
        {
            return cause.GetType().Name;
        }
    }
}
