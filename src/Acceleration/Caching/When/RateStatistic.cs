using static TorchSharp.torch;

namespace Acceleration;

/// <summary>ρ = mean|d − d'| / mean|d'| / (steps between), d and d' of the last two computed steps, added up in each skipped one.</summary>
internal sealed class RateStatistic(RunStore store) : IStatistic
{
    public bool Knows(in WhenCall call, RowId row) => store.Depth(call.Key("rate"), row) > 0;

    public Tensor Measure(in WhenCall call, RowSet rows) => store.Get(call.Key("rate"), rows).Value;

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) => before + measured[0];

    public void Computed(in WhenCall call, RowSet rows, Value input, Value output)
    {
        var (last, rate) = (call.Key("last"), call.Key("rate"));
        var known = rows.Positions(r => store.Depth(last, r) > 0);
        if (known.Length < rows.Count)
        {
            // What was given back for want of room leaves no rate between the last two.
            store.Forget(rate, rows.At(rows.Except(known)));
        }

        if (known.Length > 0)
        {
            var before = store.Get(last, rows.At(known));
            store.Push(rate, rows.At(known), PerStep(Change.Relative(rows.Take(output.Main, known), before.Value), before, call.Step.Index));
        }

        store.Push(last, rows, output.Main, at: call.Step.Index);
    }

    private static Tensor PerStep(Tensor change, Remembered before, int now) => before.Shared is { } one
        ? change.Over(now - one)
        : change / tensor([.. before.At.Select(at => (float)(now - at))], device: change.device);
}
