using Microsoft.Extensions.Logging;

namespace Acceleration.Hosting;

/// <summary>Writes what happens in a pool to the application's log.</summary>
internal sealed partial class PoolLog(ILoggerFactory loggers) : IPoolObserver
{
    // By name, because the type's own name would be that of this adapter.
    private readonly ILogger _log = loggers.CreateLogger("Acceleration.SamplerPool");

    public void RequestEnded(RequestEnded request)
    {
        var network = request.Sampler.Denoiser.Info.Name;
        switch (request.Outcome)
        {
            case RequestOutcome.Completed:
                Completed(_log, request.Pool, request.Samples, network, request.Ran.TotalSeconds, request.Waited.TotalSeconds, request.BatchSamples, request.Trace!.Evaluations, request.Trace.FullEvaluations);
                break;
            case RequestOutcome.Cancelled:
                Cancelled(_log, request.Pool, request.Samples, network, request.Ran.TotalSeconds, request.Waited.TotalSeconds);
                break;
            default:
                Failed(_log, request.Error, request.Pool, request.Samples, network, request.Ran.TotalSeconds, request.Client);
                break;
        }
    }

    public void BatchFailed(BatchFailed batch) => Retrying(_log, batch.Error, batch.Pool, batch.Requests, batch.Sampler.Denoiser.Info.Name);

    public void Stopping(string pool, int requests) => Stopping(_log, pool, requests);

    [LoggerMessage(1, LogLevel.Debug, "Pool {Pool}: {Samples} samples of {Network} in {Seconds:0.00} s after {Waited:0.00} s of waiting, in a batch of {BatchSamples}; {Evaluations:0.#} of {FullEvaluations:0.#} evaluations")]
    private static partial void Completed(ILogger log, string pool, int samples, string network, double seconds, double waited, int batchSamples, double evaluations, double fullEvaluations);

    [LoggerMessage(2, LogLevel.Information, "Pool {Pool}: {Samples} samples of {Network} were cancelled after {Seconds:0.00} s of sampling and {Waited:0.00} s of waiting")]
    private static partial void Cancelled(ILogger log, string pool, int samples, string network, double seconds, double waited);

    [LoggerMessage(3, LogLevel.Error, "Pool {Pool}: {Samples} samples of {Network} for client {Client} failed after {Seconds:0.00} s of sampling")]
    private static partial void Failed(ILogger log, Exception? error, string pool, int samples, string network, double seconds, string? client);

    [LoggerMessage(4, LogLevel.Warning, "Pool {Pool}: a batch of {Requests} requests on {Network} failed; each is run again by itself")]
    private static partial void Retrying(ILogger log, Exception error, string pool, int requests, string network);

    [LoggerMessage(5, LogLevel.Information, "Pool {Pool} takes no more requests; {Requests} are left")]
    private static partial void Stopping(ILogger log, string pool, int requests);
}
