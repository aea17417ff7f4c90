using static TorchSharp.torch;

namespace Acceleration;

/// <summary>mean|x − x'|/mean|x'| with x' the input of the last computed step; or a quantile of both.</summary>
internal sealed class InputStatistic(InputChange when, RunStore store) : IStatistic
{
    private const string Input = "xFull";

    public bool Knows(in WhenCall call, RowId row) => store.Depth(call.Key(Input), row) > 0;

    public Tensor Measure(in WhenCall call, RowSet rows) =>
        Change.Relative(Change.Sampled(call.InputOf(rows), when.Stride), store.Get(call.Key(Input), rows).Value, when.Quantile);

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) => measured[0];

    public void Computed(in WhenCall call, RowSet rows, Value input, Value output) => store.Push(call.Key(Input), rows, Change.Sampled(input.Main, when.Stride));
}
