using System.Diagnostics;

namespace Acceleration;

/// <summary>One request on its way through a pool.</summary>
internal sealed class PoolTicket
{
    private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SamplingResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancel;
    private readonly CancellationToken _callers;
    private readonly IPoolObserver? _observer;
    private readonly string _pool;
    private readonly long _came = Stopwatch.GetTimestamp();
    private RequestMeter? _meter;
    private TimeSpan _waited;
    private int _batchSamples;

    public PoolTicket(Sampler sampler, SamplingRequest request, string client, IProgress<SamplingProgress>? progress, SamplerPoolOptions options, CancellationToken cancellation)
    {
        (Sampler, Request, Client, Progress, _pool, _observer, _callers) = (sampler, request, client, progress, options.Name, options.Observer, cancellation);
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Cancellation = _cancel.Token;
        Key = options.MaxBatchSamples > 1 ? BatchKey.Of(sampler, request) : null;
    }

    public Sampler Sampler { get; }

    public SamplingRequest Request { get; }

    public string Client { get; }

    public IProgress<SamplingProgress>? Progress { get; }

    /// <summary>What others must match to share a batch; null where none may.</summary>
    public BatchKey? Key { get; }

    public int Samples => Request.Condition.Rows;

    /// <summary>The caller's token, or the pool's last word.</summary>
    public CancellationToken Cancellation { get; }

    public Activity? Activity { get; private set; }

    /// <summary>Completes when the queue has room for it.</summary>
    public Task Admitted => _admitted.Task;

    public Task<SamplingResult> Result => _result.Task;

    public bool HasEnded => _result.Task.IsCompleted;

    private KeyValuePair<string, object?> PoolTag => new(TagNames.Pool, _pool);

    /// <summary>The pool has taken it, to wait for room or in the queue.</summary>
    public void Enter()
    {
        Activity = Activities.StartDetached(Sampler, Request, _pool);
        Instruments.Queued.Add(1, PoolTag);
    }

    public void Admit() => _admitted.TrySetResult();

    /// <summary>Calls back once when it is cancelled, at once where it already is.</summary>
    public void WhenCancelled(Action<PoolTicket> what)
    {
        try
        {
            Cancellation.Register(() => what(this));
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>It was not taken.</summary>
    public void Withdraw() => _cancel.Dispose();

    public void Cancel()
    {
        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Sampling begins.</summary>
    public void Begin(int batchSamples)
    {
        LeaveQueue();
        _batchSamples = batchSamples;
        _meter = RequestMeter.Start(Sampler, _pool);
    }

    public void Complete(SamplingResult result)
    {
        var taken = false;
        try
        {
            End(RequestOutcome.Completed, result.Trace, null);
            taken = _result.TrySetResult(result);
        }
        finally
        {
            if (!taken)
            {
                result.Dispose();
            }
        }
    }

    public void Fail(Exception error)
    {
        End(RequestOutcome.Failed, null, error);
        _result.TrySetException(error);
    }

    public void Cancelled()
    {
        End(RequestOutcome.Cancelled, null, null);
        var token = _callers.IsCancellationRequested ? _callers : new CancellationToken(canceled: true);
        _admitted.TrySetCanceled(token);
        _result.TrySetCanceled(token);
    }

    /// <summary>Ends it without telling anybody but its caller, if it has not ended.</summary>
    public void Abandon(Exception error) => _result.TrySetException(error);

    private void End(RequestOutcome outcome, Trace? trace, Exception? error)
    {
        var ran = _meter?.Elapsed ?? TimeSpan.Zero;
        if (_meter is { } meter)
        {
            meter.End(Activity, outcome, trace, error);
        }
        else
        {
            LeaveQueue();
            RequestMeter.CancelledBeforeStart(Sampler, _pool, Activity);
        }

        _observer.Tell(o => o.RequestEnded(new()
        {
            Pool = _pool,
            Sampler = Sampler,
            Client = Client.Length == 0 ? null : Client,
            Samples = Samples,
            Outcome = outcome,
            Waited = _waited,
            Ran = ran,
            BatchSamples = _batchSamples,
            Trace = trace,
            Error = error,
        }));

        // May wait for a cancellation that is on its way through this pool: never under the pool's lock.
        _cancel.Dispose();
    }

    private void LeaveQueue()
    {
        _waited = Stopwatch.GetElapsedTime(_came);
        Instruments.Queued.Add(-1, PoolTag);
        Instruments.TimeInQueue.Record(_waited.TotalSeconds, PoolTag);
    }
}
