namespace Acceleration;

/// <summary>
/// Requests in the order in which they are served: clients take turns, and each client's requests come in the order in which it asked. So nobody waits for all requests of another, and none is overtaken
/// for ever. Not thread-safe.
/// </summary>
internal sealed class FairQueue
{
    private readonly LinkedList<(string Client, LinkedList<PoolTicket> Requests)> _turns = [];

    public int Count { get; private set; }

    public void Add(PoolTicket ticket)
    {
        var own = _turns.FirstOrDefault(t => t.Client == ticket.Client).Requests;
        if (own is null)
        {
            _turns.AddLast((ticket.Client, own = []));
        }

        own.AddLast(ticket);
        Count++;
    }

    public bool Remove(PoolTicket ticket)
    {
        for (var turn = _turns.First; turn is not null; turn = turn.Next)
        {
            if (turn.Value.Client == ticket.Client)
            {
                return Remove(turn, ticket);
            }
        }

        return false;
    }

    /// <summary>Takes the next request out; its client's next turn comes after all others.</summary>
    public PoolTicket? Take()
    {
        if (_turns.First is not { } turn)
        {
            return null;
        }

        var ticket = turn.Value.Requests.First!.Value;
        _turns.Remove(turn);
        _turns.AddLast(turn);
        Remove(turn, ticket);
        return ticket;
    }

    /// <summary>All requests in the order in which they would be taken.</summary>
    public IReadOnlyList<PoolTicket> InOrder() =>
        [.. _turns.SelectMany((turn, client) => turn.Requests.Select((ticket, round) => (ticket, round, client))).OrderBy(t => t.round).ThenBy(t => t.client).Select(t => t.ticket)];

    private bool Remove(LinkedListNode<(string Client, LinkedList<PoolTicket> Requests)> turn, PoolTicket ticket)
    {
        var removed = turn.Value.Requests.Remove(ticket);
        Count -= removed ? 1 : 0;
        if (turn.Value.Requests.Count == 0)
        {
            _turns.Remove(turn);
        }

        return removed;
    }
}
