using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// For each sample, on its conditional row: p = k·|x − xPrev| / |vFull|, E += p, skipped while E &lt; τ, with k = |v − vFull| / |x − xFull| between the last two
/// computed steps (means of absolute values). Where several sites ask, the first that a step reaches decides from what it remembers, and the others follow: one read
/// from the device per network call, not one per site.
/// </summary>
internal sealed class InputOutputDriftRun(InputOutputDrift drift, RunStore store, string strategy) : IWhenRun
{
    // Below this a quotient says nothing: computed.
    private const float Negligible = 1e-8f;
    private readonly Dictionary<int, (Site Site, bool Skip, float Error)> _decisions = [];
    private (int Stage, int Step, int Call) _decided = (-1, -1, -1);

    public Func<RowId, bool> Skip(in SiteCall call, Value input)
    {
        var now = (call.Step.Stage, call.Step.Index, call.Step.Call);
        if (_decided != now)
        {
            _decisions.Clear();
            _decided = now;
        }

        Follow(call);
        var site = call.Site;

        // A body that is run again decides again: what was remembered in between has been taken back.
        var anchors = call.Rows.Positions(r => IsAnchor(r) && (!_decisions.TryGetValue(r.Sample, out var d) || d.Site == site));
        if (anchors.Length > 0)
        {
            Decide(call, call.Rows.At(anchors), call.Rows.Take(input.Main, anchors));
        }

        return row => _decisions.TryGetValue(row.Sample, out var d) && d.Skip;
    }

    public void Observe(in SiteCall call, RowSet rows, Value input, Value output)
    {
        var site = call.Site;
        var positions = rows.Positions(r => IsAnchor(r) && _decisions[r.Sample].Site == site);
        if (positions.Length == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var anchors = rows.At(positions);
        var x = rows.Take(input.Main, positions);
        var v = Channels(rows.Take(output.Main, positions), x);
        PushRate(call, anchors, x, v);

        store.Push(call.Key("xFull"), anchors, x);
        store.Push(call.Key("vFull"), anchors, v);
        store.Push(call.Key("size"), anchors, MeanAbsolute(v));
        foreach (var row in anchors)
        {
            store.SetScalar(call.Key("E"), row, 0);
            store.SetScalar(call.Key("skipped"), row, 0);
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Decisions are taken on the conditional row, or on the guided one at the prediction site.</summary>
    private static bool IsAnchor(RowId row) => row.Branch <= Branch.Conditional;

    private static Tensor MeanAbsolute(Tensor t) => t.to(ScalarType.Float32).abs().flatten(1).mean([1]);

    private static Tensor Channels(Tensor v, Tensor x) => v.size(1) > x.size(1) ? v.narrow(1, 0, x.size(1)) : v;

    /// <summary>Writes down what the samples do here that were decided elsewhere.</summary>
    private void Follow(in SiteCall call)
    {
        foreach (var row in call.Rows)
        {
            if (IsAnchor(row) && _decisions.TryGetValue(row.Sample, out var d) && d.Site != call.Site)
            {
                call.Record(new(strategy, call.Site.Path, row.Sample, d.Skip, d.Error, drift.Threshold, $"decided at {d.Site.Path}"));
            }
        }
    }

    /// <summary>k, where the computed step before is known. Where it is not any more, k is none of the last two.</summary>
    private void PushRate(SiteCall call, RowSet anchors, Tensor x, Tensor v)
    {
        var known = anchors.Positions(r => Knows(call, "xFull", r) && Knows(call, "vFull", r));
        if (known.Length < anchors.Count)
        {
            store.Forget(call.Key("k"), anchors.At([.. Enumerable.Range(0, anchors.Count).Except(known)]));
        }

        if (known.Length > 0)
        {
            var rows = anchors.At(known);
            var moved = MeanAbsolute(anchors.Take(x, known) - store.Get(call.Key("xFull"), rows).Value);
            store.Push(call.Key("k"), rows, MeanAbsolute(anchors.Take(v, known) - store.Get(call.Key("vFull"), rows).Value) / moved);
        }
    }

    private bool Knows(SiteCall call, string name, RowId row) => store.Depth(call.Key(name), row) > 0;

    private void Decide(SiteCall call, RowSet anchors, Tensor x)
    {
        var known = drift.Forces(call.Step)
            ? []
            : anchors.Positions(r => Knows(call, "k", r) && Knows(call, "size", r) && Knows(call, "xPrev", r));
        var predicted = known.Length == 0 ? [] : Predicted(call, anchors.At(known), anchors.Take(x, known));
        for (var i = 0; i < anchors.Count; i++)
        {
            var at = Array.IndexOf(known, i);
            Decide(call, anchors[i], at < 0 ? float.NaN : predicted[at]);
        }

        store.Push(call.Key("xPrev"), anchors, x);
    }

    private void Decide(SiteCall call, RowId row, float predicted)
    {
        var error = (float)(store.Scalar(call.Key("E"), row) ?? 0) + predicted;
        var inARow = store.Scalar(call.Key("skipped"), row) ?? 0;
        // Written so that NaN computes.
        var skip = error < drift.Threshold && (drift.MaxSkip == 0 || inARow < drift.MaxSkip);
        _decisions[row.Sample] = (call.Site, skip, error);
        store.SetScalar(call.Key("E"), row, skip ? error : 0);
        store.SetScalar(call.Key("skipped"), row, skip ? inARow + 1 : 0);
        call.Record(new(strategy, call.Site.Path, row.Sample, skip, error, drift.Threshold));
    }

    private float[] Predicted(SiteCall call, RowSet rows, Tensor x)
    {
        using var scope = NewDisposeScope();
        var size = store.Get(call.Key("size"), rows).Value;
        var change = MeanAbsolute(x - store.Get(call.Key("xPrev"), rows).Value);
        var p = store.Get(call.Key("k"), rows).Value * change / size;
        var read = call.Read(cat([p, size], 0));
        return [.. Enumerable.Range(0, rows.Count).Select(i => read[rows.Count + i] > Negligible ? read[i] : float.NaN)];
    }
}
