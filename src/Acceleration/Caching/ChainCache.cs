namespace Acceleration;

/// <summary>Caching of ranges of blocks: what lies in front of them, between them and behind them is computed in each step.</summary>
internal static class ChainCache
{
    public static Value Invoke(CachedPart cached, in SiteCall call, Value input, RangeNext next)
    {
        var ranges = cached.Cached.Range.At(call.Step, next.Count);
        if (ranges.Count == 0)
        {
            return next.Invoke(input, 0, next.Count);
        }

        cached.ForgetOtherShapes(call, input);
        var walk = new Walk(next, input, cached.NeedsProbe ? Remembered(cached, call, next.Count) : []);
        using var added = cached.NeedsProbe ? new ProbeAdded() : null;
        var seen = new WhenCall(call, input);
        if (cached.NeedsProbe)
        {
            seen = seen with { Probe = walk.To(ranges[0].From), Added = added };
        }

        // Ranges of one chain are remembered apart: a method may move between them.
        var rows = cached.Decide(seen, [.. ranges.Select(r => r.ToString())]);
        return rows.Computed.Length == call.Rows.Count ? Compute(cached, seen, ranges[^1].To, walk) : Skip(cached, seen, ranges, rows, walk, next);
    }

    /// <summary>Ranges that a later step may skip before the next computed one.</summary>
    private static IReadOnlyList<BlockRange> Remembered(CachedPart cached, in SiteCall call, int blocks) =>
        cached.Cached.Range.Upcoming(call.Step, blocks, cached.When.Horizon(call.Step, call.Site, cached.Cached.How.Entries));

    /// <summary>Runs all blocks and remembers every range that a later step may skip.</summary>
    private static Value Compute(CachedPart cached, in WhenCall call, int end, Walk walk)
    {
        var ranges = Remembered(cached, call.At, walk.Count);
        walk.KeepAt([.. ranges.SelectMany(r => new[] { r.From, r.To }), end]);
        var output = walk.To(walk.Count);
        foreach (var range in ranges)
        {
            cached.Observe(call, Beside(cached, call.Input, walk.At(range.From)), walk.At(range.To), range.ToString());
        }

        cached.When.Observe(call, call.At.Rows, call.Input, walk.At(end));
        return output;
    }

    private static Value Skip(CachedPart cached, in WhenCall call, IReadOnlyList<BlockRange> ranges, (int[] Computed, int[] Skipped) rows, Walk walk, RangeNext next)
    {
        var (value, done) = (walk.To(ranges[0].From), ranges[0].From);
        foreach (var range in ranges)
        {
            value = next.Invoke(value, done, range.From);
            var output = rows.Computed.Length == 0 ? default : next.InvokeRows(value, rows.Computed, range.From, range.To);
            if (rows.Computed.Length > 0 && range == ranges[^1])
            {
                cached.When.Observe(call, call.At.Rows.At(rows.Computed), call.At.Rows.Take(call.Input, rows.Computed), output);
            }

            value = cached.Complete(call, Beside(cached, call.Input, value), rows, output, range.ToString());
            done = range.To;
        }

        return next.Invoke(value, done, next.Count);
    }

    private static Value Beside(CachedPart cached, Value chain, Value range) => cached.Cached.Against == ResidualInput.Chain ? chain : range;

    /// <summary>Runs a chain piece by piece and keeps the values between pieces that are asked for.</summary>
    private sealed class Walk(RangeNext next, Value input, IReadOnlyList<BlockRange> kept)
    {
        private readonly Dictionary<int, Value> _values = new() { [0] = input };
        private readonly SortedSet<int> _cuts = [.. kept.SelectMany(r => new[] { r.From, r.To })];
        private int _done;

        public int Count => next.Count;

        public void KeepAt(IEnumerable<int> cuts) => _cuts.UnionWith(cuts);

        public Value At(int block) => _values[block];

        /// <summary>The value in front of a block.</summary>
        public Value To(int block)
        {
            int[] stops = [.. _cuts.Where(c => c > _done && c < block), block];
            foreach (var stop in stops.Where(s => s > _done))
            {
                _values[stop] = next.Invoke(_values[_done], _done, stop);
                _done = stop;
            }

            return _values[block];
        }
    }
}
