namespace Acceleration;

/// <summary>Noise levels of a rectified flow as DPM-Solver, UniPC and DEIS have them, with a finite ln(α/σ) at the start: <see cref="FlowSigmas"/>.</summary>
/// <param name="Steps">N, 1 to <see cref="Schedule.MostSteps"/>.</param>
/// <param name="Shift">f of σ to f·σ/(1 + (f − 1)·σ), above 0; 1 for none.</param>
[Entry("flowMultistep", "flow-multi")]
public sealed record FlowMultistepGrid(int Steps, double Shift = 1) : IGrid
{
    /// <summary>N.</summary>
    [InTag]
    [Within(1, Schedule.MostSteps)]
    public int Steps { get; init => field = Require.StepsOf<FlowMultistepGrid>(value, Schedule.MostSteps); } = Require.StepsOf<FlowMultistepGrid>(Steps, Schedule.MostSteps);

    /// <summary>f.</summary>
    [InTag("s")]
    [Above(0)]
    public double Shift { get; init => field = Require.Above(0, value); } = Require.Above(0, Shift, nameof(Shift));

    /// <summary>Whether f is one of this resolution (for example exp(μ) of <see cref="FlowShift.Mu"/>), which references compute in another order.</summary>
    [InTag("d")]
    public bool Dynamic { get; init; }

    /// <summary>Whether levels fall from 1 − 1/T to 0, as in the reference's DPM-Solver and DEIS; else from 1 (less 1e-6) to 1/T, as in its UniPC.</summary>
    [InTag("below")]
    public bool StartsBelow { get; init; }

    /// <summary>The last level after stretching, from 0 and below 1; null for none. UniPC's levels only.</summary>
    [InTag("end")]
    [Within(0, 1, OpenAbove = true)]
    public double? Terminal { get; init => field = Require.Below1(value); }

    /// <summary>Plain, or σ/α of another distribution between <see cref="Max"/> and <see cref="Min"/>, without a shift.</summary>
    [InTag]
    public SigmaShape Shape { get; init; } = SigmaShape.Plain;

    /// <summary>The largest σ/α of a shape.</summary>
    [InTag("hi")]
    [Above(0)]
    public double? Max { get; init => field = Require.Above(0, value); }

    /// <summary>The smallest σ/α of a shape.</summary>
    [InTag("lo")]
    [Above(0)]
    public double? Min { get; init => field = Require.Above(0, value); }

    /// <summary>σ at the end of the last step, from 0 and below 1; null for the last level, whose step then moves nothing (the reference's DEIS).</summary>
    [InTag("to")]
    [Within(0, 1, OpenAbove = true)]
    public double? To { get; init => field = Require.Below1(value); } = 0;

    /// <summary>T: the network is told the whole part of σ·T.</summary>
    [InTag("of")]
    [AtLeast(1)]
    public int TrainSteps { get; init => field = Require.AtLeast(1, value); } = 1000;

    /// <inheritdoc/>
    public Schedule On(DenoiserInfo network)
    {
        var shift = Dynamic ? FlowShift.Dynamic(Shift, TimeShift.Linear) : FlowShift.Static(Shift);
        var sigmas = Shape != SigmaShape.Plain ? Shaped()
            : StartsBelow ? FlowSigmas.DpmSolver(Steps, shift, TrainSteps)
            : FlowSigmas.UniPc(Steps, shift, Terminal, TrainSteps);
        return MultistepSchedule.Flow(Shape == SigmaShape.Plain ? "flow-multistep" : $"flow-{Shape.ToString().ToLowerInvariant()}", sigmas, To, TrainSteps);
    }

    private double[] Shaped() => Max is { } max && Min is { } min
        ? Array.ConvertAll(Sigmas.Between(Shape, max, min, Steps), s => s / (s + 1))
        : throw new ArgumentException($"{Shape} levels of a flow lie between two values of sigma/alpha: give {nameof(Max)} and {nameof(Min)}.");
}
