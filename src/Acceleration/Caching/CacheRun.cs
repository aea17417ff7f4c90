namespace Acceleration;

/// <summary>
/// One cached request: asks the decision for each row, computes those that must be or have nothing to be made from, approximates the rest, and puts
/// both together in the batch's order.
/// </summary>
internal sealed class CacheRun(Cached cached, string tag, IWhenRun when, RunStore store) : Run, ISiteHook, IChainHook
{
    private readonly Approximator _how = new(cached.How, store);

    public Value Invoke(in SiteCall call, Value input, SiteNext next)
    {
        ForgetOtherShapes(call, input);
        var decision = Decide(call, input, call.Site.Path);
        return decision.Computed.Length == 0
            ? _how.Approximate(call, input, call.Rows, "")
            : Merge(call, input, input, decision, next.InvokeRows(input, decision.Computed), "");
    }

    public Value Invoke(in SiteCall call, Value input, RangeNext next)
    {
        var (from, to) = cached.Range.At(call.Step, next.Count);
        if (from == to)
        {
            return next.Invoke(input, 0, next.Count);
        }

        ForgetOtherShapes(call, input);
        // Ranges of one chain are remembered apart: a method may move between them.
        var name = RangeName(from, to);
        var decision = Decide(call, input, name);
        return decision.Computed.Length == call.Rows.Count
            ? ComputeChain(call, input, to, next)
            : next.Invoke(SkipRange(call, input, next.Invoke(input, 0, from), from, to, decision, next), to, next.Count);
    }

    public override void StageChanged(in StageInfo stage) => when.StageChanged(stage);

    public override void Dispose()
    {
        when.Dispose();
        base.Dispose();
    }

    /// <summary>Another resolution, token count or type than remembered: nothing of before can be used.</summary>
    private void ForgetOtherShapes(in SiteCall call, Value input)
    {
        var (key, shape) = (call.Key("shape"), ShapeCode(input, call.Rows.Count));
        if (call.Rows.Any(r => store.Scalar(key, r) is { } known && known != shape))
        {
            store.Clear();
        }

        foreach (var row in call.Rows)
        {
            store.SetScalar(key, row, shape);
        }
    }

    /// <summary>One number for dtype and sizes of one row, exact in a double.</summary>
    private static double ShapeCode(Value input, int rows)
    {
        var code = 0L;
        foreach (var member in input.Text is null ? [input.Main] : new[] { input.Main, input.Text })
        {
            var shape = member.shape;
            shape[0] /= rows;
            code = shape.Aggregate(Next(code, (long)member.dtype), Next);
        }

        return code;

        static long Next(long code, long value) => ((code * 1009) + value + 1) % (1L << 52);
    }

    private static string RangeName(int from, int to) => $"{from}..{to}";

    /// <summary>Runs all blocks and remembers every range that a later step may skip before the next computed one.</summary>
    private Value ComputeChain(SiteCall call, Value input, int end, RangeNext next)
    {
        var ranges = cached.Range.Upcoming(call.Step, next.Count, when.Horizon(call.Step));
        int[] cuts = [.. ranges.SelectMany(r => new[] { r.From, r.To }).Append(0).Append(end).Append(next.Count).Distinct().Order()];
        var values = new Dictionary<int, Value> { [0] = input };
        for (var i = 1; i < cuts.Length; i++)
        {
            values[cuts[i]] = next.Invoke(values[cuts[i - 1]], cuts[i - 1], cuts[i]);
        }

        foreach (var (from, to) in ranges)
        {
            _how.Observe(call, call.Rows, values[from], values[to], RangeName(from, to));
        }

        when.Observe(call, call.Rows, input, values[end]);
        return values[next.Count];
    }

    private Value SkipRange(SiteCall call, Value input, Value start, int from, int to, (int[] Computed, int[] Skipped) decision, RangeNext next) =>
        decision.Computed.Length == 0
            ? _how.Approximate(call, start, call.Rows, RangeName(from, to))
            : Merge(call, input, start, decision, next.InvokeRows(start, decision.Computed, from, to), RangeName(from, to));

    private (int[] Computed, int[] Skipped) Decide(in SiteCall call, Value input, string part)
    {
        var site = call.Site.Kind == SiteKind.Chain ? part : "";
        var skip = when.Skip(call, input);
        var rows = call.Rows;
        var c = call;
        HashSet<int> lacking = [];
        var computed = rows.Positions(r => !skip(r) || Lacks(r));
        foreach (var sample in lacking)
        {
            call.Record(new(tag, call.Site.Path, sample, false, Reason: "nothing is remembered to make it from"));
        }

        return (computed, rows.Except(computed));

        bool Lacks(RowId row)
        {
            var lacks = !_how.CanApproximate(c, row, site);
            if (lacks)
            {
                lacking.Add(row.Sample);
            }

            return lacks;
        }
    }

    /// <param name="call">The site.</param>
    /// <param name="decided">What the decision saw.</param>
    /// <param name="input">Input of the part that was computed on some rows.</param>
    /// <param name="decision">Which rows were.</param>
    /// <param name="output">Their output.</param>
    /// <param name="part">Name of the part.</param>
    private Value Merge(SiteCall call, Value decided, Value input, (int[] Computed, int[] Skipped) decision, Value output, string part)
    {
        var rows = call.Rows.At(decision.Computed);
        var all = decision.Skipped.Length == 0;
        _how.Observe(call, rows, all ? input : call.Rows.Take(input, decision.Computed), output, part);
        when.Observe(call, rows, all ? decided : call.Rows.Take(decided, decision.Computed), output);
        if (all)
        {
            return output;
        }

        var approximated = _how.Approximate(call, call.Rows.Take(input, decision.Skipped), call.Rows.At(decision.Skipped), part);
        return call.Rows.Merge(decision.Computed, output, decision.Skipped, approximated);
    }

    /// <inheritdoc/>
    public override string ToString() => tag;
}
