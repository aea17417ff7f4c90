namespace Acceleration;

/// <summary>A batch that is being put together.</summary>
internal sealed class Gathering
{
    private readonly List<PoolTicket> _members;
    private readonly BatchKey? _key;
    private readonly int _most;

    public Gathering(PoolTicket first, int most) => (_members, _key, _most) = ([first], first.Key, most);

    public IReadOnlyList<PoolTicket> Members => _members;

    public int Samples => _members.Sum(m => m.Samples);

    /// <summary>Whether another request may still come.</summary>
    public bool IsOpen => _key is not null && _members.Count > 0 && Samples < _most;

    public bool TryAdd(PoolTicket ticket)
    {
        if (!IsOpen || !_key!.Matches(ticket.Key) || Samples + ticket.Samples > _most)
        {
            return false;
        }

        _members.Add(ticket);
        return true;
    }

    public bool Remove(PoolTicket ticket) => _members.Remove(ticket);
}
