using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// p = k·|x − xPrev| / |vFull|, added up while steps are skipped, with k = |v − vFull| / |x − xFull| between the last two computed steps (means of absolute values).
/// </summary>
internal sealed class DriftStatistic(InputOutputDrift drift, RunStore store) : IStatistic
{
    // Below this a quotient says nothing: computed.
    private const float Negligible = 1e-8f;

    private string Before => drift.SinceComputed ? "xFull" : "xPrev";

    public bool Knows(in WhenCall call, RowId row) => Has(call, "k", row) && Has(call, "size", row) && Has(call, Before, row);

    public Tensor Measure(in WhenCall call, RowSet rows)
    {
        var size = store.Get(call.Key("size"), rows).Value;
        var change = Change.MeanDifference(Measured(call.InputOf(rows)), store.Get(call.Key(Before), rows).Value);
        return cat([store.Get(call.Key("k"), rows).Value * change / size, size], 0);
    }

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) => measured[1] > Negligible ? before + measured[0] : float.NaN;

    public void Decided(in WhenCall call, RowSet rows)
    {
        if (!drift.SinceComputed)
        {
            store.Push(call.Key("xPrev"), rows, Measured(call.InputOf(rows)));
        }
    }

    public void Computed(in WhenCall call, RowSet rows, Value input, Value output)
    {
        // What these rows were decided on, and is remembered since, is their input: their own copy of it.
        var x = !drift.SinceComputed && HasAll(call, "xPrev", rows) ? store.Get(call.Key("xPrev"), rows).Value : Measured(input.Main);
        var v = Measured(Channels(output.Main, input.Main));
        var (rate, last, lastOutput) = (call.Key("k"), call.Key("xFull"), call.Key("vFull"));
        store.Follow(rate, rows, [last, lastOutput], known =>
        {
            var moved = Change.MeanDifference(rows.Take(x, known), store.Get(last, known).Value);
            return Change.MeanDifference(rows.Take(v, known), store.Get(lastOutput, known).Value) / moved;
        });
        store.Push(last, rows, x);
        store.Push(lastOutput, rows, v);
        store.Push(call.Key("size"), rows, Change.MeanAbsolute(v));
    }

    /// <summary>What is measured of a tensor, and all that is remembered of it for that.</summary>
    private Tensor Measured(Tensor t) => Change.Sampled(t, drift.Stride);

    private static Tensor Channels(Tensor v, Tensor x) => v.size(1) > x.size(1) ? v.narrow(1, 0, x.size(1)) : v;

    private bool HasAll(WhenCall call, string name, RowSet rows) => rows.All(r => Has(call, name, r));

    private bool Has(in WhenCall call, string name, RowId row) => store.Depth(call.Key(name), row) > 0;
}
