using static TorchSharp.torch;

namespace Acceleration;

/// <summary>mean|l − l'|/mean|l'| of averaged outputs between the last two computed steps, over the distance of these, added up while steps are skipped.</summary>
internal sealed class LowFrequencyStatistic(LowFrequencyDrift when, RunStore store) : IStatistic
{
    private const string Low = "low";
    private const string Moved = "moved";
    private const string Last = "last";
    private const string Distance = "distance";

    public bool Knows(in WhenCall call, RowId row) => store.Depth(call.Key(Moved), row) > 0;

    public Tensor Measure(in WhenCall call, RowSet rows) => store.Get(call.Key(Moved), rows).Value;

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) => before + (measured[0] / (float)(store.Scalar(call.Key(Distance), row) ?? double.NaN));

    public void Computed(in WhenCall call, RowSet rows, Value input, Value output)
    {
        var (moved, before) = (call.Key(Moved), call.Key(Low));
        var low = Averaged(output.Main.size(1) > input.Main.size(1) ? output.Main.narrow(1, 0, input.Main.size(1)) : output.Main);
        store.Follow(moved, rows, [before], known => Change.Relative(rows.Take(low, known), store.Get(before, known).Value));
        store.Push(before, rows, low);
        foreach (var row in rows)
        {
            store.SetScalar(call.Key(Distance), row, call.Step.Index - (store.Scalar(call.Key(Last), row) ?? double.NaN));
            store.SetScalar(call.Key(Last), row, call.Step.Index);
        }
    }

    /// <summary>Means over squares of the last two dimensions, in float32.</summary>
    private Tensor Averaged(Tensor v)
    {
        var wide = Wide.Of(v);
        return when.Scale == 1 || v.ndim < 4 ? wide : nn.functional.adaptive_avg_pool2d(v.ndim == 4 ? wide : wide.flatten(1, -3), [Math.Max(1, v.size(-2) / when.Scale), Math.Max(1, v.size(-1) / when.Scale)]);
    }
}
