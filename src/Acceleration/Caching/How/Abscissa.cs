namespace Acceleration;

/// <summary>The variable over which a forecast continues what was remembered.</summary>
public sealed class Abscissa
{
    private readonly Func<StepInfo, double> _of;

    private readonly string _name;

    private Abscissa(string name, Func<StepInfo, double> of) => (_name, _of) = (name, of);

    /// <summary>The step index.</summary>
    [TagWord("@step")]
    public static Abscissa Step { get; } = new(nameof(Step), s => s.Index);

    /// <summary>The time given to the network.</summary>
    [TagWord("@time")]
    public static Abscissa Time { get; } = new(nameof(Time), s => s.At.Time);

    /// <summary>
    /// log(α²/σ²). Where it is infinite, as at the start of a flow, it continues the schedule: as far beyond the nearest finite level as that is from the next. A large number instead would lie so far from all others
    /// that a line through it is flat.
    /// </summary>
    [TagWord("@snr")]
    public static Abscissa LogSnr { get; } = new(nameof(LogSnr), s => FiniteLogSnr.Of(s.At.LogSnr, s.Grid));

    /// <summary>Its value at a step.</summary>
    public double Of(StepInfo step) => _of(step);

    /// <inheritdoc/>
    public override string ToString() => _name;
}
