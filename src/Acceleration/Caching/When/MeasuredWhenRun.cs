using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// A row that decides is skipped while its error lies below the limit. Where several sites ask, the first that a step reaches decides from what it remembers, and the others follow: one read from the device
/// per network call, not one per site.
/// </summary>
internal sealed class MeasuredWhenRun(MeasuredWhen when, IStatistic statistic, RunStore store, string strategy) : IWhenRun
{
    /// <summary>Name of the number of steps that a row has been skipped in a row.</summary>
    public const string InARow = "skipped";

    private const string InAll = "all";
    private const string Summed = "sum";

    private readonly Dictionary<(int Site, RowId Row), (Site At, bool Skip, float Error, double Limit)> _decisions = [];
    private readonly Dictionary<int, string> _from = [];
    private (int Stage, int Step, int Call) _decided = (-1, -1, -1);

    public Func<RowId, bool> Skip(in WhenCall call)
    {
        var now = (call.Step.Stage, call.Step.Index, call.Step.Call);
        if (_decided != now)
        {
            _decisions.Clear();
            _decided = now;
        }

        Follow(call.At);
        var site = call.At.Site;

        // A body that is run again decides again: what was remembered in between has been taken back.
        var anchors = call.At.Rows.Positions(r => IsAnchor(site, r) && (!_decisions.TryGetValue(Name(site, r), out var d) || d.At == site));
        if (anchors.Length > 0)
        {
            Decide(call, call.At.Rows.At(anchors));
        }

        return row => _decisions.TryGetValue(Name(site, row), out var d) && d.Skip;
    }

    public void Observe(in WhenCall call, RowSet rows, Value input, Value output)
    {
        var site = call.At.Site;
        var positions = rows.Positions(r => IsAnchor(site, r) && _decisions.TryGetValue(Name(site, r), out var d) && d.At == site);
        if (positions.Length == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var anchors = rows.At(positions);
        statistic.Computed(call, anchors, Of(input), Of(output));
        foreach (var row in anchors)
        {
            store.SetScalar(call.Key("E"), row, 0);
            store.SetScalar(call.Key(InARow), row, 0);
            if (when.MostSummed > 0)
            {
                store.SetScalar(call.Key(Summed), row, 0);
            }
        }

        Value Of(Value value)
        {
            var taken = rows.Take(value, positions);
            return new(anchors.Unfold(taken.Main), taken.Text is null ? null : anchors.Unfold(taken.Text));
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Decisions are taken on the conditional row, on the guided one at the prediction site, and on each of its own at the correction.</summary>
    private bool IsAnchor(Site site, RowId row) => IsApart(site) || row.Branch <= Branch.Conditional;

    private bool IsApart(Site site) => when.ByBranch || site.Kind == SiteKind.Correction;

    private (int Site, RowId Row) Name(Site site, RowId row) => (when.BySite ? site.Index : -1, IsApart(site) ? row : new(row.Sample, Branch.Conditional));

    /// <summary>Writes down what the samples do here that were decided elsewhere.</summary>
    private void Follow(in SiteCall call)
    {
        foreach (var row in call.Rows)
        {
            if (IsAnchor(call.Site, row) && _decisions.TryGetValue(Name(call.Site, row), out var d) && d.At != call.Site)
            {
                call.Record(new(strategy, call.Site.Path, row.Sample, d.Skip, d.Error, d.Limit, From(d.At)));
            }
        }
    }

    private string From(Site site) => _from.TryGetValue(site.Index, out var reason) ? reason : _from[site.Index] = $"decided at {site.Path}";

    private void Decide(WhenCall call, RowSet anchors)
    {
        var known = when.Forces(call.Step) ? [] : anchors.Positions(r => statistic.Knows(call, r));
        var read = known.Length == 0 ? [] : Read(call, anchors.At(known));
        var numbers = new float[known.Length == 0 ? 0 : read.Length / known.Length];
        for (var i = 0; i < anchors.Count; i++)
        {
            var at = Array.IndexOf(known, i);
            for (var n = 0; at >= 0 && n < numbers.Length; n++)
            {
                numbers[n] = read[(n * known.Length) + at];
            }

            Decide(call, anchors[i], at < 0 ? float.NaN : statistic.Error(call, anchors[i], (float)Number(call, "E", anchors[i]), numbers));
        }

        statistic.Decided(call, anchors);
    }

    private void Decide(in WhenCall call, RowId row, float error)
    {
        var (inARow, inAll, sum) = (Number(call, InARow, row), Number(call, InAll, row), Number(call, Summed, row) + error);
        var limit = statistic.Limit(call, row, when.BySite ? when.Limit(call.Step, Before(call.At.Site, row)) : when.Limit(call.Step));

        // Written so that NaN computes.
        var below = error < limit || (when.SkipsAtLimit && error == limit && limit > 0);
        var skip = below && (when.MostInARow == 0 || inARow < when.MostInARow) && (when.MostInAll == 0 || inAll < when.MostInAll) && (when.MostSummed == 0 || sum < when.MostSummed);
        _decisions[Name(call.At.Site, row)] = (call.At.Site, skip, error, limit);
        store.SetScalar(call.Key("E"), row, skip ? error : 0);
        store.SetScalar(call.Key(InARow), row, skip ? inARow + 1 : 0);
        if (when.MostInAll > 0)
        {
            store.SetScalar(call.Key(InAll), row, skip ? inAll + 1 : inAll);
        }

        if (when.MostSummed > 0)
        {
            store.SetScalar(call.Key(Summed), row, skip ? sum : 0);
        }

        call.At.Record(new(strategy, call.At.Site.Path, row.Sample, skip, error, limit));
    }

    /// <summary>What the sites before it measured in this step, of the same row.</summary>
    private float[] Before(Site site, RowId row)
    {
        var name = Name(site, row).Row;
        return [.. _decisions.Where(d => d.Key.Row == name && d.Key.Site < site.Index && !float.IsNaN(d.Value.Error)).OrderBy(d => d.Key.Site).Select(d => d.Value.Error)];
    }

    private double Number(in WhenCall call, string name, RowId row) => store.Scalar(call.Key(name), row) ?? 0;

    private float[] Read(in WhenCall call, RowSet rows)
    {
        using var scope = NewDisposeScope();
        return call.At.Read(statistic.Measure(call, rows).flatten());
    }
}
