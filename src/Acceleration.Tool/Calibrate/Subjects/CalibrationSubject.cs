namespace Acceleration.Tool;

/// <summary>What is calibrated: how it is sampled, and what is asked of it.</summary>
internal abstract class CalibrationSubject : IDisposable
{
    /// <summary>Its name, for people.</summary>
    public abstract string Name { get; }

    /// <summary>The sampler, not yet frozen.</summary>
    public abstract SamplerBuilder Describe();

    /// <summary>Asks for some samples; those who ask for the same get the same.</summary>
    /// <param name="first">Number of the first sample, which has the first seed and as many more.</param>
    /// <param name="count">Samples.</param>
    /// <param name="use">What is done with the request, whose conditions live as long.</param>
    public abstract void Ask(int first, int count, Action<SamplingRequest> use);

    public abstract void Dispose();
}
