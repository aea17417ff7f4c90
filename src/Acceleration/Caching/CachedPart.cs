using static TorchSharp.torch;

namespace Acceleration;

/// <summary>One combination of the three lists in one request: what is decided, remembered and made up at its sites.</summary>
internal sealed class CachedPart(Cached cached, RunInfo info, RunStore store, string tag) : IDisposable
{
    private readonly Approximator _how = new(cached.How, cached.How.Begin(info, store), info, store);

    public Cached Cached => cached;

    public IWhenRun When { get; } = cached.When.Begin(info, store, tag);

    public bool NeedsProbe { get; } = cached.When.NeedsProbe || cached.How.NeedsProbe;

    public void Dispose() => When.Dispose();

    /// <summary>Another resolution, token count or type than remembered: nothing of before can be used.</summary>
    public void ForgetOtherShapes(in SiteCall call, Value input)
    {
        var (key, rows, shape) = (call.Key("shape"), call.Rows, ShapeCode(input, call.Rows.Count));
        var (known, same) = (store.Scalars(key), 0);
        for (var i = 0; i < rows.Count && known is not null; i++)
        {
            if (!known.TryGetValue(rows[i], out var before))
            {
                continue;
            }

            if (before != shape)
            {
                store.Clear();
                break;
            }

            same++;
        }

        if (same < rows.Count)
        {
            store.SetScalars(key, rows, shape);
        }
    }

    /// <summary>Positions of the rows that are computed, and of the others.</summary>
    /// <param name="call">What the decision sees.</param>
    /// <param name="parts">Names of what would be skipped: a row that cannot be made up in all of them is computed.</param>
    public (int[] Computed, int[] Skipped) Decide(in WhenCall call, params IReadOnlyList<string> parts)
    {
        var skip = When.Skip(call);
        var at = call.At;
        HashSet<int>? lacking = null;
        var computed = at.Rows.Positions(r => !skip(r) || Lacks(r));
        foreach (var sample in lacking ?? [])
        {
            at.Record(new(tag, at.Site.Path, sample, false, Reason: "nothing is remembered to make it from"));
        }

        return (computed, at.Rows.Except(computed));

        bool Lacks(RowId row)
        {
            for (var i = 0; i < parts.Count; i++)
            {
                if (!_how.Can(at, row, parts[i]))
                {
                    (lacking ??= []).Add(row.Sample);
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Remembers a part of all rows.</summary>
    public void Observe(in WhenCall call, Value input, Value output, string part) => _how.Observe(call, call.At.Rows, input, output, part);

    /// <summary>The output of a part on all rows, of which some were computed.</summary>
    /// <param name="call">What was decided on.</param>
    /// <param name="input">Input of the part.</param>
    /// <param name="rows">Which rows were computed.</param>
    /// <param name="output">Their output.</param>
    /// <param name="part">Name of the part.</param>
    public Value Complete(in WhenCall call, Value input, (int[] Computed, int[] Skipped) rows, Value output, string part)
    {
        var all = call.At.Rows;
        if (rows.Computed.Length == 0)
        {
            return _how.Make(call, all, input, part);
        }

        if (rows.Skipped.Length == 0)
        {
            _how.Observe(call, all, input, output, part);
            return output;
        }

        _how.Observe(call, all.At(rows.Computed), all.Take(input, rows.Computed), output, part);
        return all.Merge(rows.Computed, output, rows.Skipped, _how.Make(call, all.At(rows.Skipped), all.Take(input, rows.Skipped), part));
    }

    /// <summary>One number for dtype and sizes of one row, exact in a double.</summary>
    private static double ShapeCode(Value input, int rows)
    {
        var code = Of(0, input.Main);
        return input.Text is null ? code : Of(code, input.Text);

        long Of(long code, Tensor member)
        {
            code = Next(Next(code, (long)member.dtype), member.size(0) / rows);
            for (var d = 1; d < member.ndim; d++)
            {
                code = Next(code, member.size(d));
            }

            return code;
        }

        static long Next(long code, long value) => ((code * 1009) + value + 1) % (1L << 52);
    }
}
