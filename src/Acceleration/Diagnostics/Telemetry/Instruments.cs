using System.Diagnostics.Metrics;

namespace Acceleration;

/// <summary>The instruments of the library's meter.</summary>
internal static class Instruments
{
    private static readonly Meter Meter = new(AccelerationTelemetry.MeterName);

    // The usual boundaries are made for milliseconds.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] };
    private static readonly InstrumentAdvice<long> Counts = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] };

    public static UpDownCounter<long> Queued { get; } = Meter.CreateUpDownCounter<long>("acceleration.queued_requests", "{request}", "Requests that wait in a pool.");

    public static UpDownCounter<long> Active { get; } = Meter.CreateUpDownCounter<long>("acceleration.active_requests", "{request}", "Requests that are being sampled.");

    public static Counter<long> Ended { get; } = Meter.CreateCounter<long>("acceleration.requests", "{request}", "Requests that ended, by outcome.");

    public static Histogram<double> TimeInQueue { get; } = Meter.CreateHistogram("acceleration.request.time_in_queue", "s", "Time that requests waited in a pool.", null, Seconds);

    public static Histogram<double> Duration { get; } = Meter.CreateHistogram("acceleration.request.duration", "s", "Time from the start of sampling to its end.", null, Seconds);

    public static Histogram<long> BatchSize { get; } = Meter.CreateHistogram("acceleration.batch.size", "{sample}", "Samples that a pool ran together.", null, Counts);

    public static Counter<long> Retried { get; } = Meter.CreateCounter<long>("acceleration.batch.retried_requests", "{request}", "Requests run once more by themselves because their batch failed.");

    public static Counter<long> Evaluations { get; } = Meter.CreateCounter<long>("acceleration.evaluations", "{evaluation}", "Rows (sample and guidance branch) on which networks were run.");

    public static Counter<long> Skipped { get; } = Meter.CreateCounter<long>("acceleration.skipped_evaluations", "{evaluation}", "Rows on which networks were not run because of a strategy.");

    public static UpDownCounter<long> CacheSize { get; } = Meter.CreateUpDownCounter<long>("acceleration.cache.size", "By", "Bytes that strategies of running requests hold.");

    public static Histogram<long> PeakCacheSize { get; } = Meter.CreateHistogram<long>("acceleration.cache.peak_size", "By", "Most bytes that the strategies of a run held at the end of a step.");
}
