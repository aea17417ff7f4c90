using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Acceleration.Tests.Serving;

/// <summary>What meters and activities say is what happened.</summary>
public sealed class TelemetryTests : PoolTest
{
    private readonly List<(string Name, double Value, Dictionary<string, object?> Tags)> _measured = [];
    private readonly List<Activity> _activities = [];

    private MeterListener Measure()
    {
        var listener = new MeterListener { InstrumentPublished = (instrument, l) => Enable(instrument, l) };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value, tags));
        listener.Start();
        return listener;

        static void Enable(Instrument instrument, MeterListener listener)
        {
            if (instrument.Meter.Name == AccelerationTelemetry.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        }
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_measured)
        {
            _measured.Add((instrument.Name, value, tags.ToArray().ToDictionary()));
        }
    }

    private ActivityListener Watch()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == AccelerationTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a =>
            {
                lock (_activities)
                {
                    _activities.Add(a);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private double[] Of(string name) => [.. _measured.Where(m => m.Name == name).Select(m => m.Value)];

    private string?[] Outcomes(string name) => [.. _measured.Where(m => m.Name == name).Select(m => (string?)m.Tags["acceleration.outcome"])];

    [Fact]
    public async Task OfPlainRequests()
    {
        using var listener = Measure();
        var cached = Sampler.For(Net).Ddim(12).Guidance(2).Use(new IntervalForecast(3)).Build();
        var trace = Alone(cached, Ask(5, 1, 2)).Trace;
        using var sessionCondition = Conditioning.Labels(1);
        using (var session = cached.Start(new() { Condition = sessionCondition }))
        {
            session.Advance(Token);
        }

        Net.OnCall = _ => throw new FormatException();
        await Assert.ThrowsAsync<SamplingException>(() => Plain.GenerateAsync(Ask(5, 3), cancellation: Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => Plain.Generate(Ask(5, 3), cancellation: new(canceled: true)), Token));

        // The session's one step has two rows, and what it holds counts for as long as it lives.
        Assert.Equal(trace.Steps.Sum(s => s.ComputedRows) + 2, Of("acceleration.evaluations").Sum());
        Assert.Equal(trace.Steps.Sum(s => s.Rows - s.ComputedRows), Of("acceleration.skipped_evaluations").Sum());
        Assert.True(trace.PeakCacheBytes > 0);
        Assert.Equal(trace.PeakCacheBytes, Of("acceleration.cache.peak_size")[0]);
        Assert.Equal(trace.PeakCacheBytes, Running(Of("acceleration.cache.size")).Max());
        Assert.Equal(0, Of("acceleration.cache.size").Sum());
        Assert.Equal(["completed", "failed", "cancelled"], Outcomes("acceleration.requests"));
        Assert.Equal(["completed", "failed", "cancelled"], Outcomes("acceleration.request.duration"));
        Assert.Equal(typeof(FormatException).FullName, _measured.Single(m => m.Name == "acceleration.requests" && m.Tags.ContainsKey("error.type")).Tags["error.type"]);
        Assert.Equal((0, 1), (Of("acceleration.active_requests").Sum(), Running(Of("acceleration.active_requests")).Max()));
        Assert.All(_measured, m => Assert.Equal("held", m.Tags["acceleration.network"]));
    }

    [Fact]
    public async Task OfAPool()
    {
        using var listener = Measure();
        Net.OnCall = labels => Fail(labels.Contains(6));
        await using var pool = new SamplerPool(new() { Name = "tested" });
        var first = await Occupy(pool);
        using var source = new CancellationTokenSource();
        Task<SamplingResult>[] tasks = [pool.GenerateAsync(Plain, Ask(1, 1, 2), cancellation: Token), pool.GenerateAsync(Plain, Ask(2, 6), cancellation: Token)];
        var gone = pool.GenerateAsync(Plain, Ask(3, 3), cancellation: source.Token);
        Assert.Equal(3, Of("acceleration.queued_requests").Sum());
        Assert.Equal(1, Of("acceleration.active_requests").Sum());
        await source.CancelAsync();
        Net.Release();
        (await first).Dispose();
        (await tasks[0]).Dispose();
        await Assert.ThrowsAsync<SamplingException>(() => tasks[1]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await pool.DisposeAsync();

        Assert.Equal((0, 0), (Of("acceleration.queued_requests").Sum(), Of("acceleration.active_requests").Sum()));
        Assert.Equal(4, Of("acceleration.request.time_in_queue").Length);
        Assert.Equal(["cancelled", "completed", "completed", "failed"], Outcomes("acceleration.requests"));
        Assert.Equal(3, Outcomes("acceleration.request.duration").Length);
        // The held one, the batch that failed, and its two members by themselves.
        Assert.Equal([1, 3, 2, 1], Of("acceleration.batch.size"));
        Assert.Equal([2], Of("acceleration.batch.retried_requests"));
        Assert.All(_measured.Where(m => m.Name.Contains("request", StringComparison.Ordinal) || m.Name.Contains("batch", StringComparison.Ordinal)), m => Assert.Equal("tested", m.Tags["acceleration.pool"]));
    }

    [Fact]
    public async Task ARequestIsAnActivityUnderItsCallers()
    {
        using var listener = Watch();
        using var caller = new Activity("caller").Start();
        (await Plain.GenerateAsync(Ask(5, 1, 2), cancellation: Token)).Dispose();
        var request = Assert.Single(_activities);
        Assert.Equal(("acceleration.generate", caller.SpanId), (request.OperationName, request.ParentSpanId));
        Assert.Equal(("held", Plain.Tag), (request.GetTagItem("acceleration.network"), request.GetTagItem("acceleration.plan")));
        Assert.Equal((2, 3), (request.GetTagItem("acceleration.samples"), request.GetTagItem("acceleration.steps")));
        Assert.Equal(("completed", 3.0), (request.GetTagItem("acceleration.outcome"), request.GetTagItem("acceleration.evaluations")));
        Assert.Same(caller, Activity.Current);
    }

    [Fact]
    public async Task ABatchIsLinkedToItsRequests()
    {
        using var listener = Watch();
        await using var pool = new SamplerPool(new() { Name = "tested" });
        using var caller = new Activity("caller").Start();
        var first = await Occupy(pool);
        Net.OnCall = labels => Fail(labels.Contains(6) && labels.Length == 1);
        var tasks = new long[] { 1, 6 }.Select(label => pool.GenerateAsync(Plain, Ask(1, label), cancellation: Token)).ToArray();
        Assert.Same(caller, Activity.Current);
        Net.Release();
        foreach (var task in tasks.Prepend(first))
        {
            (await task).Dispose();
        }

        await pool.DisposeAsync();
        var requests = _activities.Where(a => a.OperationName == "acceleration.generate").ToArray();
        var batches = _activities.Where(a => a.OperationName == "acceleration.batch").ToArray();
        Assert.All(requests, r => Assert.Equal(caller.SpanId, r.ParentSpanId));
        Assert.Equal((3, 2), (requests.Length, batches.Length));
        Assert.Equal(requests[0].SpanId, batches[0].ParentSpanId);
        Assert.Equal(requests.Skip(1).Select(r => r.SpanId).ToHashSet(), batches[1].Links.Select(l => l.Context.SpanId).ToHashSet());
        Assert.Equal((2, 2, "tested"), (batches[1].GetTagItem("acceleration.samples"), batches[1].GetTagItem("acceleration.requests"), batches[1].GetTagItem("acceleration.pool")));
    }

    [Fact]
    public async Task AListenerThatThrowsLeavesNobodyWaiting()
    {
        await using var pool = new SamplerPool();
        using (var listener = new MeterListener())
        {
            listener.SetMeasurementEventCallback<double>((_, _, _, _) => throw new FormatException("listener"));
            listener.EnableMeasurementEvents(Instruments.Duration);
            listener.Start();
            var failed = pool.GenerateAsync(Plain, Ask(1, 1), cancellation: Token);
            Assert.Equal("listener", (await Assert.ThrowsAnyAsync<Exception>(() => failed)).Message);
        }

        (await pool.GenerateAsync(Plain, Ask(1, 2), cancellation: Token)).Dispose();
    }

    [Fact]
    public void WhereNobodyListensNothingIsHeldBack()
    {
        var trace = Alone(Sampler.For(Net).Ddim(6).Use(new IntervalForecast(3)).Build(), Ask(5, 1)).Trace;
        using var listener = Measure();
        Assert.True(trace.PeakCacheBytes > 0);
        Assert.Empty(_measured);
    }

    private static IEnumerable<double> Running(IEnumerable<double> changes)
    {
        var sum = 0.0;
        return [.. changes.Select(c => sum += c)];
    }

    private static void Fail(bool now)
    {
        if (now)
        {
            throw new FormatException();
        }
    }
}
