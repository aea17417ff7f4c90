using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>SADA's criterion in every step of a run that skips none.</summary>
internal sealed record SadaWatch(Stability Stability) : CacheMethod
{
    public override string Tag => "SADA watched";

    /// <summary>What was measured at the beginning of each step.</summary>
    public Dictionary<int, double> Values { get; } = [];

    public override IReadOnlyList<Cached> Parts => [new(Where.Prediction, new Always(this), How.LastValue)];

    private sealed record Always(SadaWatch Watch) : MeasuredWhen
    {
        public override string Tag => Watch.Tag;

        public override double Limit(StepInfo step) => double.NegativeInfinity;

        public override bool Forces(StepInfo step) => false;

        public override IStatistic Measure(RunInfo info, RunStore store) => new Noted(Watch.Values, Watch.Stability.Measure(info, store));
    }

    private sealed class Noted(Dictionary<int, double> values, IStatistic inner) : IStatistic
    {
        public bool Knows(in WhenCall call, RowId row) => inner.Knows(call, row);

        public Tensor Measure(in WhenCall call, RowSet rows) => inner.Measure(call, rows);

        public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) => (float)(values[call.Step.Index] = inner.Error(call, row, before, measured));

        public void Decided(in WhenCall call, RowSet rows) => inner.Decided(call, rows);

        public void Computed(in WhenCall call, RowSet rows, Value input, Value output) => inner.Computed(call, rows, input, output);
    }
}
