using static TorchSharp.torch;

namespace Acceleration;

/// <summary>δ_y = |h_m − h_m,prev| / |h_m,prev|, or |δ_y − δ_x| with that of the input, added up while steps are skipped.</summary>
internal sealed class ProbeStatistic(ProbeDrift drift, RunStore store) : IStatistic
{
    private const string Probe = "pPrev";
    private const string Input = "xPrev";

    public bool Knows(in WhenCall call, RowId row) => store.Depth(call.Key(Probe), row) > 0 && (!drift.Difference || store.Depth(call.Key(Input), row) > 0);

    public Tensor Measure(in WhenCall call, RowSet rows)
    {
        var moved = Change.Relative(call.ProbeOf(rows), store.Get(call.Key(Probe), rows).Value);
        return drift.Difference ? (moved - Change.Relative(call.InputOf(rows), store.Get(call.Key(Input), rows).Value)).abs() : moved;
    }

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) => before + measured[0];

    public void Decided(in WhenCall call, RowSet rows)
    {
        store.Push(call.Key(Probe), rows, call.ProbeOf(rows));
        if (drift.Difference)
        {
            store.Push(call.Key(Input), rows, call.InputOf(rows));
        }
    }
}
