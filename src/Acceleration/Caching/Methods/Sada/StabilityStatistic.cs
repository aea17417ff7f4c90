using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The mean of (z − ẑ)·D over a sample: z as the solver made it, ẑ as extrapolated from gradients, D their second difference.</summary>
internal sealed class StabilityStatistic(Stability when, RunInfo info, RunStore store) : IStatistic
{
    /// <summary>The stream that decisions are taken on.</summary>
    public const string Stream = "main";

    private readonly GradientHistory _history = new(info, store, when.Published);

    public bool Knows(in WhenCall call, RowId row) => _history.Depth(Point(call), row) >= GradientHistory.Terms;

    public Tensor Measure(in WhenCall call, RowSet rows)
    {
        _history.Enter(Point(call), rows);
        return _history.Field(Point(call), rows).to(ScalarType.Float32).flatten(1).mean([1]);
    }

    // A flow's skipped step lies on the line through the last outputs: it bends nothing, and what is measured of it is rounding.
    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) =>
        _history.IsFlow && !_history.WasComputed(Point(call), row) && !float.IsNaN(measured[0]) ? 0 : measured[0];

    public void Decided(in WhenCall call, RowSet rows) => _history.Enter(Point(call), rows);

    public void Computed(in WhenCall call, RowSet rows, Value input, Value output) => _history.Computed(Point(call), rows, output.Main);

    private static TrajectoryPoint Point(in WhenCall call) => TrajectoryPoint.At(call.At, Stream);
}
