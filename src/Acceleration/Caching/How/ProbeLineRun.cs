using static TorchSharp.torch;

namespace Acceleration;

/// <summary>r_a + g·(r_b − r_a) with g = |s − s_a| / |s_b − s_a| between 1 and the most, for the last two residuals r and what the first blocks added, s, at the same steps.</summary>
internal sealed class ProbeLineRun(ProbeLine line, RunStore store) : IDifferenceRun
{
    private const string Probe = ".probe";

    public int Depth(StoreKey key, RowId row) => store.Depth(key, row);

    public void Observe(in HowCall call, RowSet rows, Tensor kept)
    {
        store.Push(call.Key(), rows, kept, keep: 2);
        ObserveProbe(call, rows);
    }

    public void Observe(in HowCall call, RowSet rows, Tensor output, Tensor input)
    {
        store.PushDifference(call.Key(), rows, output, input, keep: 2);
        ObserveProbe(call, rows);
    }

    public Tensor Make(in HowCall call, RowSet rows)
    {
        var (residual, probe, all) = (call.Key(), call.Key(Probe), call);

        // Rows with one value repeat it.
        return rows.Grouped(r => store.Depth(residual, r) >= 2 && store.Depth(probe, r) >= 2, (some, goesOn) =>
            goesOn ? Along(all with { Input = rows.Take(all.Input, some), Probe = rows.Take(all.Probe!, some) }, some) : store.Get(residual, some).Value);
    }

    private Tensor Along(in HowCall call, RowSet rows)
    {
        var (residual, probe) = (call.Key(), call.Key(Probe));
        var (newest, older, before) = (store.Get(residual, rows).Value, store.Get(residual, rows, 1).Value, rows.Unfold(store.Get(probe, rows, 1).Value));

        // Where the first blocks did not move at all, nor does the rest.
        var moved = Change.MeanDifference(rows.Unfold(Added(call)), before) / Change.MeanDifference(rows.Unfold(store.Get(probe, rows).Value), before);
        var gain = moved.nan_to_num(1, line.Most, 1).Within(1, line.Most);
        var perRow = newest.size(0) == rows.Count ? gain : gain.repeat_interleave(newest.size(0) / rows.Count, 0);
        var made = newest - older;
        return made.mul_(perRow.view([-1, .. Enumerable.Repeat(1L, (int)newest.ndim - 1)]).to(newest.dtype)).Increase(older);
    }

    private void ObserveProbe(in HowCall call, RowSet rows) => store.PushDifference(call.Key(Probe), rows, call.Probe!, call.Input, keep: 2);

    private static Tensor Added(in HowCall call) => call.Probe! - call.Input;
}
