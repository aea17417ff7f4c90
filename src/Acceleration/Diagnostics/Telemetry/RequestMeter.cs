using System.Diagnostics;

namespace Acceleration;

/// <summary>Reports one request from the start of sampling to its end: how many are active, how long it took, how it ended.</summary>
internal readonly struct RequestMeter
{
    private readonly string _network;
    private readonly string? _pool;
    private readonly long _start;

    private RequestMeter(string network, string? pool)
    {
        (_network, _pool, _start) = (network, pool, Stopwatch.GetTimestamp());
        Instruments.Active.Add(1, Tags(network, pool));
    }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public static RequestMeter Start(Sampler sampler, string? pool = null) => new(sampler.Denoiser.Info.Name, pool);

    public void End(Activity? activity, RequestOutcome outcome, Trace? trace, Exception? error)
    {
        Instruments.Active.Add(-1, Tags(_network, _pool));
        if (Instruments.Ended.Enabled || Instruments.Duration.Enabled)
        {
            var tags = Tags(_network, _pool, outcome, error);
            Instruments.Ended.Add(1, tags);
            Instruments.Duration.Record(Elapsed.TotalSeconds, tags);
        }

        Activities.End(activity, outcome, trace, error);
    }

    public static void CancelledBeforeStart(Sampler sampler, string pool, Activity? activity)
    {
        Instruments.Ended.Add(1, Tags(sampler.Denoiser.Info.Name, pool, RequestOutcome.Cancelled, null));
        Activities.End(activity, RequestOutcome.Cancelled, null, null);
    }

    internal static string Word(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Completed => "completed",
        RequestOutcome.Failed => "failed",
        _ => "cancelled",
    };

    /// <summary>What failed inside a step says more than that a step failed.</summary>
    internal static Exception? Cause(Exception? error) => error is SamplingException { InnerException: { } inner } ? inner : error;

    private static TagList Tags(string network, string? pool, RequestOutcome outcome, Exception? error)
    {
        var tags = Tags(network, pool);
        tags.Add(TagNames.Outcome, Word(outcome));
        if (Cause(error) is { } cause)
        {
            tags.Add(TagNames.ErrorType, cause.GetType().FullName);
        }

        return tags;
    }

    private static TagList Tags(string network, string? pool)
    {
        var tags = new TagList { { TagNames.Network, network } };
        if (pool is not null)
        {
            tags.Add(TagNames.Pool, pool);
        }

        return tags;
    }
}
