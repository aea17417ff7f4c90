namespace Acceleration;

/// <content>Who waits, who runs.</content>
public sealed partial class SamplerPool
{
    private bool Enter(PoolTicket ticket, bool wait)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                ticket.Withdraw();
                throw new ObjectDisposedException(nameof(SamplerPool), $"The pool '{Options.Name}' is being stopped and takes no more requests.");
            }

            var full = _queue.Count >= Options.Capacity || _outside.Count > 0;
            if (full && !wait)
            {
                ticket.Withdraw();
                return false;
            }

            ticket.Enter();
            _all.Add(ticket);
            if (full)
            {
                _outside.Add(ticket);
            }
            else
            {
                Admit(ticket);
            }
        }

        ticket.WhenCancelled(Cancel);
        return true;
    }

    /// <summary>Into a batch that still has room for it, else into the queue.</summary>
    private void Admit(PoolTicket ticket)
    {
        ticket.Admit();
        if (!_gatherings.Exists(g => g.TryAdd(ticket)))
        {
            _queue.Add(ticket);
        }

        WakeGatherings();
        if (_queue.Count > 0 && _workers < Options.Workers)
        {
            _workers++;

            // A worker serves many callers: it has none of their activities and asynchronous locals.
            RequestThread.Run(Work, CancellationToken.None, flow: false);
        }
    }

    private void AdmitOutside()
    {
        while (_queue.Count < Options.Capacity && _outside.Take() is { } next)
        {
            Admit(next);
        }
    }

    private bool Work()
    {
        while (Take() is { } batch)
        {
            try
            {
                new BatchRun(batch, Options).Run();
            }
            catch (Exception e)
            {
                // A listener of metrics or activities threw: nobody may wait for ever, and the worker goes on.
                foreach (var ticket in batch)
                {
                    ticket.Abandon(e);
                }
            }

            Ended(batch);
        }

        return true;
    }

    /// <summary>The next batch, or null where nothing waits: then the worker is gone.</summary>
    private IReadOnlyList<PoolTicket>? Take()
    {
        lock (_gate)
        {
            while (_queue.Take() is { } head)
            {
                if (Gather(head) is { Count: > 0 } batch)
                {
                    return batch;
                }
            }

            _workers--;
            return null;
        }
    }

    private IReadOnlyList<PoolTicket> Gather(PoolTicket head)
    {
        var gathering = new Gathering(head, Options.MaxBatchSamples);
        foreach (var ticket in gathering.IsOpen ? _queue.InOrder().Where(gathering.TryAdd) : [])
        {
            _queue.Remove(ticket);
        }

        _gatherings.Add(gathering);
        AdmitOutside();
        var start = Environment.TickCount64;
        while (gathering.IsOpen && _queue.Count == 0 && !_stopping && Left(start) is > 0 and var left)
        {
            Monitor.Wait(_gate, left);
        }

        _gatherings.Remove(gathering);
        return gathering.Members;
    }

    private int Left(long start) => (int)Math.Max(0, Options.GatherFor.TotalMilliseconds - (Environment.TickCount64 - start));

    private void WakeGatherings() => Monitor.PulseAll(_gate);

    /// <summary>A token was cancelled: a request that does not run yet ends here, a running one at its next step.</summary>
    private void Cancel(PoolTicket ticket)
    {
        lock (_gate)
        {
            if (!_outside.Remove(ticket) && !_queue.Remove(ticket) && !_gatherings.Exists(g => g.Remove(ticket)))
            {
                return;
            }

            AdmitOutside();
            WakeGatherings();
        }

        ticket.Cancelled();
        Ended([ticket]);
    }

    private void CancelAll()
    {
        PoolTicket[] left;
        lock (_gate)
        {
            left = [.. _all];
        }

        Array.ForEach(left, t => t.Cancel());
    }

    private void Ended(IReadOnlyList<PoolTicket> tickets)
    {
        lock (_gate)
        {
            _all.ExceptWith(tickets);
            EndIfDone();
        }
    }

    private void EndIfDone()
    {
        if (_stopping && _all.Count == 0)
        {
            _ended.TrySetResult();
        }
    }
}
