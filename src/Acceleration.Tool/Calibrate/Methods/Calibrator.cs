namespace Acceleration.Tool;

/// <summary>Measures one method's parameters on a sampler.</summary>
internal abstract class Calibrator
{
    /// <summary>The sampler without the method.</summary>
    public abstract Sampler Plain { get; }

    /// <summary>Steps that a request takes, for the bar.</summary>
    public virtual int StepsOfRequest => Plain.Steps;

    /// <summary>Bytes that recording one request takes; 0 where nothing is kept.</summary>
    public virtual long BytesOf(SamplingRequest request, CancellationToken cancellation) => 0;

    /// <summary>Measures a request.</summary>
    public abstract void Record(SamplingRequest request, Action step, CancellationToken cancellation);

    /// <summary>Fits.</summary>
    /// <exception cref="ToolException">What is asked for cannot be reached.</exception>
    public abstract Learned Learn();

    /// <summary>Fits for further budgets, by what is appended to the plan's name.</summary>
    public virtual IEnumerable<(string Name, Learned Learned)> LearnMore() => [];

    /// <summary>The sampler's plan with the strategy, and what it holds for.</summary>
    public abstract AccelerationPlan Plan(IStrategy learned);
}
