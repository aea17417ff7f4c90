using System.Collections.Concurrent;

namespace Acceleration;

/// <summary>
/// Threads that run requests, one request each at a time. The last one to fall idle is taken first, because libtorch keeps a pool of
/// workers for every thread that has ever computed: requests in a row should meet the same one.
/// </summary>
internal sealed class RequestThread
{
    private static readonly ConcurrentStack<RequestThread> Idle = new();
    private readonly BlockingCollection<Action> _work = [];

    private RequestThread() => new Thread(Loop) { IsBackground = true, Name = "Acceleration request" }.Start();

    /// <param name="request">The work.</param>
    /// <param name="cancellation">Keeps it from starting.</param>
    /// <param name="flow">Whether it sees its caller's activity and asynchronous locals.</param>
    public static Task<T> Run<T>(Func<T> request, CancellationToken cancellation, bool flow = true)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        RequestThread thread;
        try
        {
            thread = Idle.TryPop(out var idle) ? idle : new();
        }
        catch (Exception e)
        {
            // No memory for another thread: who awaits the task hears of it, like of anything else.
            return Task.FromException<T>(e);
        }

        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Action work = () => Complete(done, request, thread, cancellation);
        var context = flow ? ExecutionContext.Capture() : null;
        thread._work.Add(context is null ? work : () => ExecutionContext.Run(context, static w => ((Action)w!)(), work), CancellationToken.None);
        return done.Task;
    }

    private static void Complete<T>(TaskCompletionSource<T> done, Func<T> request, RequestThread thread, CancellationToken cancellation)
    {
        try
        {
            var result = request();
            Idle.Push(thread);
            done.SetResult(result);
        }
        catch (OperationCanceledException e)
        {
            Idle.Push(thread);
            done.SetCanceled(e.CancellationToken.IsCancellationRequested ? e.CancellationToken : cancellation);
        }
        catch (Exception e)
        {
            Idle.Push(thread);
            done.SetException(e);
        }
    }

    private void Loop()
    {
        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
