using static TorchSharp.torch;

namespace Acceleration.Tests.Docs;

/// <summary>Skips the network while its input still points the way it pointed when the network was last computed, and goes on with a line.</summary>
[Entry("directionCache", "DIR")]
public sealed record DirectionCache([property: InTag] double Threshold) : CacheMethod
{
    public override IReadOnlyList<Cached> Parts => [new(Where.Network, new DirectionChange(Threshold), How.Linear(Abscissa.LogSnr))];
}

/// <summary>Skips while 1 − cos(x, x') stays below a threshold, x' the input of the last computed step.</summary>
[Entry("directionChange", "turned")]
public sealed record DirectionChange([property: InTag] double Threshold, [property: InTag("w")] int Warmup = 2) : MeasuredWhen
{
    public override double Limit(StepInfo step) => Threshold;

    public override bool Forces(StepInfo step) => step.Index < Warmup || step.Index == step.Count - 1;

    public override IStatistic Measure(RunInfo info, RunStore store) => new DirectionStatistic(store);
}

internal sealed class DirectionStatistic(RunStore store) : IStatistic
{
    public bool Knows(in WhenCall call, RowId row) => store.Depth(call.Key("computed"), row) > 0;

    public Tensor Measure(in WhenCall call, RowSet rows) => nn.functional.cosine_similarity(Flat(call.InputOf(rows)), Flat(store.Get(call.Key("computed"), rows).Value), dim: 1, eps: 0);

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) => 1 - measured[0];

    public void Computed(in WhenCall call, RowSet rows, Value input, Value output) => store.Push(call.Key("computed"), rows, input.Main);

    // 1 − cos of directions that are nearly alike is lost in half precision.
    private static Tensor Flat(Tensor x) => x.flatten(1).to(ScalarType.Float32);
}
