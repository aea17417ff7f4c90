using static TorchSharp.torch;

namespace Acceleration;

/// <summary>|q − q*| / |q*| with q = h_m − h_0, what the first m blocks add, and q* that of the last computed step.</summary>
internal sealed class FirstBlocksStatistic(RunStore store) : IStatistic
{
    private const string Computed = "qFull";

    public bool Knows(in WhenCall call, RowId row) => store.Depth(call.Key(Computed), row) > 0;

    public Tensor Measure(in WhenCall call, RowSet rows) => Change.Relative(call.AddedOf(rows), store.Get(call.Key(Computed), rows).Value);

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) => measured[0];

    void IStatistic.Computed(in WhenCall call, RowSet rows, Value input, Value output) => store.Push(call.Key(Computed), rows, call.AddedOf(rows));
}
