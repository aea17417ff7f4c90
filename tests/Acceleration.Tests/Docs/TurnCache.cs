using static TorchSharp.torch;

namespace Acceleration.Tests.Docs;

/// <summary>Skips after steps in which the output went on in the direction in which it had changed before, and goes on with the average of its changes.</summary>
[Entry("turnCache", "turn")]
public sealed record TurnCache([property: InTag] double Threshold = 0.05) : CacheMethod
{
    [InTag(":")]
    public Where Where { get; init; } = Where.Network;

    public override IReadOnlyList<Cached> Parts => [new(Where, new SteadyTurn(Threshold), new AveragedChange())];
}

/// <summary>Skips while 1 − cos of the last two changes stays below a threshold.</summary>
[Entry("steadyTurn", "steady")]
public sealed record SteadyTurn([property: InTag] double Threshold = 0.05) : MeasuredWhen
{
    [InTag("m")]
    [AtLeast(1)]
    public int MaxSkip { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaxSkip), value, "Must be at least 1."); } = 3;

    public override int MostInARow => MaxSkip;

    public override double Limit(StepInfo step) => Threshold;

    public override bool Forces(StepInfo step) => step.Index < 4 || step.IsLast;

    public override IStatistic Measure(RunInfo info, RunStore store) => new TurnStatistic(store);
}

/// <summary>1 − cos of the last two changes of the output, from one computed step to the next: nothing of the present step is needed.</summary>
internal sealed class TurnStatistic(RunStore store) : IStatistic
{
    public bool Knows(in WhenCall call, RowId row) => store.Depth(call.Key("cosine"), row) > 0;

    public Tensor Measure(in WhenCall call, RowSet rows) => store.Get(call.Key("cosine"), rows).Value;

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) => 1 - measured[0];

    public void Computed(in WhenCall call, RowSet rows, Value input, Value output)
    {
        var (last, change, cosine) = (call.Key("last"), call.Key("change"), call.Key("cosine"));
        store.Follow(cosine, rows, [last, change], some => nn.functional.cosine_similarity(Flat(Changed(some)), Flat(store.Get(change, some).Value), dim: 1, eps: 0));
        store.Follow(change, rows, [last], Changed);
        store.Push(last, rows, output.Main);

        Tensor Changed(RowSet some) => rows.Take(output.Main, some) - store.Get(last, some).Value;
    }

    private static Tensor Flat(Tensor x) => x.flatten(1).to(ScalarType.Float32);
}
