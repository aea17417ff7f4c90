namespace Acceleration;

/// <summary>The variable over which a forecast continues what was remembered.</summary>
public sealed class Abscissa
{
    private readonly Func<StepInfo, double> _of;

    private Abscissa(string tag, Func<StepInfo, double> of) => (Tag, _of) = (tag, of);

    /// <summary>The step index.</summary>
    public static Abscissa Step { get; } = new("@step", s => s.Index);

    /// <summary>The time given to the network.</summary>
    public static Abscissa Time { get; } = new("", s => s.At.Time);

    /// <summary>log(α²/σ²), kept finite at the ends of a schedule.</summary>
    public static Abscissa LogSnr { get; } = new("@snr", s => Math.Clamp(s.At.LogSnr, -40, 40));

    /// <summary>Short form for tags.</summary>
    public string Tag { get; }

    /// <summary>Its value at a step.</summary>
    public double Of(StepInfo step) => _of(step);
}
