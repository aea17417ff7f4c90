namespace Acceleration;

/// <summary>Noise levels of a rectified flow, σ = 1, ..., 1/N before the shift: <see cref="FlowSchedule"/>.</summary>
/// <param name="Steps">N, 1 to <see cref="Schedule.MostSteps"/>.</param>
/// <param name="Shift">f of σ to f·σ/(1 + (f − 1)·σ), above 0; 1 for none.</param>
[Entry("flow", "flow")]
public sealed record FlowGrid(int Steps, double Shift = 1) : IGrid
{
    /// <summary>N.</summary>
    [InTag]
    [Within(1, Schedule.MostSteps)]
    public int Steps { get; init => field = Require.StepsOf<FlowGrid>(value, Schedule.MostSteps); } = Require.StepsOf<FlowGrid>(Steps, Schedule.MostSteps);

    /// <summary>f.</summary>
    [InTag("s")]
    [Above(0)]
    public double Shift { get; init => field = Require.Above(0, value); } = Require.Above(0, Shift, nameof(Shift));

    /// <summary>Whether f is one of this resolution (for example exp(μ) of <see cref="FlowShift.Mu"/>), which references compute in another order.</summary>
    [InTag("d")]
    public bool Dynamic { get; init; }

    /// <summary>The last level after stretching, from 0 and below 1; null for none.</summary>
    [InTag("end")]
    [Within(0, 1, OpenAbove = true)]
    public double? Terminal { get; init => field = Require.Below1(value); }

    /// <summary>Plain, or another distribution between the first and the last level.</summary>
    [InTag]
    public SigmaShape Shape { get; init; } = SigmaShape.Plain;

    /// <summary>Whether levels go down to the smallest one of training (<see cref="FlowSchedule.Make"/>) instead of 1/N.</summary>
    [InTag("low")]
    public bool ToSmallest { get; init; }

    /// <summary>For networks that count the clean share (Mochi).</summary>
    [InTag("inv")]
    public bool Inverted { get; init; }

    /// <summary>T: the network is told σ·T.</summary>
    [InTag("of")]
    [AtLeast(1)]
    public int TrainSteps { get; init => field = Require.AtLeast(1, value); } = 1000;

    /// <inheritdoc/>
    public Schedule On(DenoiserInfo network)
    {
        var shift = Dynamic ? FlowShift.Dynamic(Shift, TimeShift.Linear) : FlowShift.Static(Shift);
        return ToSmallest
            ? FlowSchedule.Make(Steps, shift, Terminal, Shape, Inverted, TrainSteps)
            : FlowSchedule.FromSigmas([.. Enumerable.Range(0, Steps).Select(k => 1 - ((double)k / Steps))], shift, Terminal, Shape, Inverted, TrainSteps);
    }
}
