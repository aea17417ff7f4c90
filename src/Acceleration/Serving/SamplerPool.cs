using System.Diagnostics.CodeAnalysis;

namespace Acceleration;

/// <summary>
/// A bounded queue of requests in front of a bounded number of workers. Requests that fit together run as one batch, whose results equal single runs: the same decisions, values up to the rounding of
/// another batch shape, and the same bits where nothing was there to batch with. Clients take turns. Thread-safe.
/// </summary>
/// <remarks>
/// <para>Requests fit together when they have the same network, the same sampler or one of an equal plan, the same size, and conditions of the same names, types and sizes, and when no strategy makes a sample
/// depend on its neighbours (<see cref="Requirements.DependsOnBatch"/>).</para>
/// <para>A queued request that is cancelled leaves at once and never runs. A running one ends after the present step; a batch goes on for the others and stops between blocks when the last one leaves. If a batch
/// fails, its requests are run once more, each by itself, so that a bad one fails alone; their progress begins again.</para>
/// <para>Conditions, latents and noise sources of a request must live until it has ended.</para>
/// </remarks>
public sealed partial class SamplerPool : IAsyncDisposable, IDisposable
{
    private readonly object _gate = new();
    private readonly FairQueue _queue = new();
    private readonly FairQueue _outside = new();
    private readonly List<Gathering> _gatherings = [];
    private readonly HashSet<PoolTicket> _all = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _workers;
    private bool _stopping;

    /// <summary>Makes a pool; it starts threads as work comes.</summary>
    public SamplerPool(SamplerPoolOptions? options = null) => Options = options ?? new();

    /// <summary>Its bounds.</summary>
    public SamplerPoolOptions Options { get; }

    /// <summary>Requests that wait in the queue.</summary>
    public int Queued
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Requests that have not ended: waiting for room, queued or running.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>Runs a request when its turn comes. Waits, without a thread, for room in the queue and for the result.</summary>
    /// <param name="sampler">What to sample with. Requests of one sampler are batched most easily.</param>
    /// <param name="request">What to sample.</param>
    /// <param name="client">Who asks: clients take turns. Null for the nameless one.</param>
    /// <param name="progress">Told after every step, on the pool's thread, of this request's samples alone.</param>
    /// <param name="cancellation">Takes the request out of the queue, or ends it after the present step.</param>
    /// <exception cref="ArgumentException">The request does not fit the network: told at once, before it is queued.</exception>
    /// <exception cref="SamplingException">A step failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, by the caller or because the pool was stopped.</exception>
    /// <exception cref="ObjectDisposedException">The pool takes no more requests.</exception>
    public async Task<SamplingResult> GenerateAsync(
        Sampler sampler, SamplingRequest request, string? client = null, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        await (await EnqueueAsync(sampler, request, client, progress, cancellation).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Queues a request, and completes when the queue has taken it: a producer that awaits this goes no faster than the pool. The result is the inner task's.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public async ValueTask<Task<SamplingResult>> EnqueueAsync(
        Sampler sampler, SamplingRequest request, string? client = null, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var ticket = Ticket(sampler, request, client, progress, cancellation);
        Enter(ticket, wait: true);
        await ticket.Admitted.ConfigureAwait(false);
        return ticket.Result;
    }

    /// <summary>Queues a request if there is room.</summary>
    /// <param name="sampler">What to sample with.</param>
    /// <param name="request">What to sample.</param>
    /// <param name="result">The result to come; null where the queue is full.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Takes the request out of the queue, or ends it after the present step.</param>
    /// <returns>False where the queue is full.</returns>
    /// <exception cref="ArgumentException">The request does not fit the network.</exception>
    /// <exception cref="ObjectDisposedException">The pool takes no more requests.</exception>
    public bool TryEnqueue(
        Sampler sampler,
        SamplingRequest request,
        [NotNullWhen(true)] out Task<SamplingResult>? result,
        string? client = null,
        IProgress<SamplingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var ticket = Ticket(sampler, request, client, progress, cancellation);
        result = Enter(ticket, wait: false) ? ticket.Result : null;
        return result is not null;
    }

    /// <summary>Takes no more requests and completes when all have ended.</summary>
    /// <param name="cancellation">Ends patience: what is left is then cancelled, running requests between two blocks.</param>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        int left;
        bool first;
        lock (_gate)
        {
            (first, _stopping, left) = (!_stopping, true, _all.Count);
            WakeGatherings();
            EndIfDone();
        }

        if (first)
        {
            Options.Observer.Tell(o => o.Stopping(Options.Name, left));
        }

        using var impatient = cancellation.Register(CancelAll);
        await _ended.Task.ConfigureAwait(false);
    }

    /// <summary>Takes no more requests and completes when all have ended: those that were accepted run.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>Takes no more requests, cancels those that are left, and waits until running ones have stopped between two blocks. <see cref="DisposeAsync"/> lets them run.</summary>
    public void Dispose() => StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();

    private PoolTicket Ticket(Sampler sampler, SamplingRequest request, string? client, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        RequestChecks.Check(sampler, request);
        cancellation.ThrowIfCancellationRequested();
        return new(sampler, request, client ?? "", progress, Options, cancellation);
    }
}
