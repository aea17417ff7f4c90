using static TorchSharp.torch;

namespace Acceleration;

/// <summary>|p − pPrev| / |pPrev| of a signal, through the polynomial, added up while steps are skipped.</summary>
internal sealed class SignalStatistic(SignalDrift drift, RunStore store) : IStatistic
{
    private const string Previous = "pPrev";

    public bool Knows(in WhenCall call, RowId row) => store.Depth(call.Key(Previous), row) > 0;

    public Tensor Measure(in WhenCall call, RowSet rows) => Change.Relative(call.SignalOf(drift.On, rows), store.Get(call.Key(Previous), rows).Value);

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) => before + (float)drift.Change(measured[0]);

    public void Decided(in WhenCall call, RowSet rows) => store.Push(call.Key(Previous), rows, call.SignalOf(drift.On, rows));
}
