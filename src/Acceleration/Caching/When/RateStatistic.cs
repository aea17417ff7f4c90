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
        var now = call.Step.Index;
        store.Follow(rate, rows, [last], known =>
        {
            var before = store.Get(last, known);
            return PerStep(Change.Relative(rows.Take(output.Main, known), before.Value), before, now);
        });
        store.Push(last, rows, output.Main, at: now);
    }

    private static Tensor PerStep(Tensor change, Remembered before, int now) => before.Shared is { } one
        ? change.Over(now - one)
        : change / tensor([.. before.At.Select(at => (float)(now - at))], device: change.device);
}
