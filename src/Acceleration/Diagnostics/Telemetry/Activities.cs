using System.Diagnostics;

namespace Acceleration;

/// <summary>The library's activities: one for each request, one for each batch of a pool.</summary>
internal static class Activities
{
    private const string Request = "acceleration.generate";
    private const string Batch = "acceleration.batch";
    private static readonly ActivitySource Source = new(AccelerationTelemetry.ActivitySourceName);

    /// <summary>A request's activity, the current one until it ends.</summary>
    public static Activity? Start(Sampler sampler, SamplingRequest request)
    {
        var activity = Source.StartActivity(Request);
        Describe(activity, sampler, request.Condition.Rows);
        return activity;
    }

    /// <summary>A request's activity that will end on another thread: the current one stays what it is.</summary>
    public static Activity? StartDetached(Sampler sampler, SamplingRequest request, string pool)
    {
        var outer = Activity.Current;
        var activity = Start(sampler, request);
        activity?.SetTag(TagNames.Pool, pool);
        Activity.Current = outer;
        return activity;
    }

    /// <summary>A batch, under its only request or linked to its several ones.</summary>
    public static Activity? StartBatch(IReadOnlyList<Activity?> requests, Sampler sampler, int samples, string pool)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var contexts = requests.OfType<Activity>().Select(a => a.Context).ToArray();
        var activity = requests.Count == 1
            ? Source.StartActivity(Batch, ActivityKind.Internal, contexts.FirstOrDefault())
            : Source.StartActivity(Batch, ActivityKind.Internal, default(ActivityContext), links: contexts.Select(c => new ActivityLink(c)));
        Describe(activity, sampler, samples);
        activity?.SetTag(TagNames.Pool, pool);
        activity?.SetTag(TagNames.Requests, requests.Count);
        return activity;
    }

    public static void End(Activity? activity, RequestOutcome outcome, Trace? trace, Exception? error)
    {
        if (activity is null)
        {
            return;
        }

        activity.SetTag(TagNames.Outcome, RequestMeter.Word(outcome));
        if (trace is not null)
        {
            activity.SetTag(TagNames.Evaluations, trace.Evaluations);
            activity.SetTag(TagNames.FullEvaluations, trace.FullEvaluations);
        }

        if (error is not null)
        {
            activity.SetTag(TagNames.ErrorType, RequestMeter.Cause(error)!.GetType().FullName);
            activity.SetStatus(ActivityStatusCode.Error, error.Message);
        }

        // Ending makes the parent the current activity, which on another thread than the one it began on it never was.
        var outer = Activity.Current;
        activity.Dispose();
        if (!ReferenceEquals(outer, activity))
        {
            Activity.Current = outer;
        }
    }

    private static void Describe(Activity? activity, Sampler sampler, int samples)
    {
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(TagNames.Network, sampler.Denoiser.Info.Name);
            activity.SetTag(TagNames.Plan, sampler.Tag);
            activity.SetTag(TagNames.Samples, samples);
            activity.SetTag(TagNames.Steps, sampler.Steps);
        }
    }
}
