namespace Acceleration;

/// <summary>
/// Runs requests together. One that is cancelled or whose progress callback fails leaves, and the others go on; when the last has left, the batch stops between blocks. A batch that fails is run again
/// request by request, so that each gets its own result or its own exception.
/// </summary>
internal sealed class BatchRun(IReadOnlyList<PoolTicket> tickets, SamplerPoolOptions options)
{
    private readonly CancellationTokenSource _stop = new();
    private PoolMember[] _members = [];

    public void Run()
    {
        using var _ = _stop;
        var samples = tickets.Sum(t => t.Samples);
        foreach (var ticket in tickets)
        {
            ticket.Begin(samples);
        }

        if (tickets.Count == 1)
        {
            Alone(tickets[0]);
            return;
        }

        try
        {
            Together(samples);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The last member left; nobody waits for a result.
        }
        catch (Exception e)
        {
            var rest = _members.Length == 0 ? tickets : [.. _members.Where(m => m.IsIn).Select(m => m.Ticket)];
            Retry(rest, e);
        }
        finally
        {
            // Those whose token stopped the batch before its next step.
            foreach (var member in _members.Where(m => !m.Ticket.HasEnded))
            {
                member.Ticket.Cancelled();
            }
        }
    }

    private void Alone(PoolTicket ticket)
    {
        using var activity = Activities.StartBatch([ticket.Activity], ticket.Sampler, ticket.Samples, options.Name);
        Instruments.BatchSize.Record(ticket.Samples, PoolTag);
        try
        {
            ticket.Complete(ticket.Sampler.Run(ticket.Request, ticket.Progress, ticket.Cancellation));
        }
        catch (OperationCanceledException)
        {
            ticket.Cancelled();
        }
        catch (Exception e)
        {
            ticket.Fail(e);
        }
    }

    private void Together(int samples)
    {
        var sampler = tickets[0].Sampler;
        using var activity = Activities.StartBatch([.. tickets.Select(t => t.Activity)], sampler, samples, options.Name);
        Instruments.BatchSize.Record(samples, PoolTag);
        using var joined = new JoinedRequest([.. tickets.Select(t => t.Request)]);
        using var session = sampler.Start(joined.Request);
        var first = 0;
        _members = [.. tickets.Select(t => new PoolMember(t, (first += t.Samples) - t.Samples, samples))];
        var registrations = Array.ConvertAll(_members, m => m.Ticket.Cancellation.Register(() => Leave(m)));
        try
        {
            while (!session.IsFinished)
            {
                session.Advance(_stop.Token);
                Tell(session, sampler.Steps);
            }
        }
        finally
        {
            Array.ForEach(registrations, r => r.Dispose());
        }

        using var result = session.TakeResult();
        foreach (var member in _members.Where(m => m.IsIn))
        {
            var own = member.Result(result);
            if (member.Leave())
            {
                member.Ticket.Complete(own);
            }
            else
            {
                own.Dispose();
            }
        }
    }

    private void Tell(SamplingSession session, int steps)
    {
        var preview = _members.Any(m => m.IsIn && m.Ticket.Request.PreviewEvery is > 0 and var every && session.Done % every == 0) ? session.Preview() : null;
        foreach (var member in _members)
        {
            try
            {
                if (member.IsIn)
                {
                    member.Step(session.Trace.Steps[^1], steps, preview);
                }
                else if (!member.Ticket.HasEnded)
                {
                    member.Ticket.Cancelled();
                }
            }
            catch (OperationCanceledException)
            {
                Leave(member);
                member.Ticket.Cancelled();
            }
            catch (Exception e)
            {
                Leave(member);
                member.Ticket.Fail(SamplingException.InCallback(session.Trace.Steps[^1].Step, e));
            }
        }
    }

    private void Leave(PoolMember member)
    {
        if (member.Leave() && Array.TrueForAll(_members, m => !m.IsIn))
        {
            _stop.Cancel();
        }
    }

    private void Retry(IReadOnlyList<PoolTicket> rest, Exception cause)
    {
        if (rest.Count == 0)
        {
            return;
        }

        options.Observer.Tell(o => o.BatchFailed(new(options.Name, rest[0].Sampler, rest.Count, cause)));
        Instruments.Retried.Add(rest.Count, PoolTag);
        foreach (var ticket in rest)
        {
            Alone(ticket);
        }
    }

    private KeyValuePair<string, object?> PoolTag => new(TagNames.Pool, options.Name);
}
