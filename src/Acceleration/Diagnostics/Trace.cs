namespace Acceleration;

/// <summary>What one request computed, skipped, and why.</summary>
public sealed class Trace
{
    private readonly List<StepTrace> _steps = [];

    /// <summary>The steps taken so far.</summary>
    public IReadOnlyList<StepTrace> Steps => _steps;

    /// <summary>Samples in the request.</summary>
    public int Samples { get; internal init; }

    /// <summary>Network evaluations per sample, averaged: a guided step costs two.</summary>
    public double Evaluations => (double)_steps.Sum(s => s.ComputedRows) / Samples;

    /// <summary>Network evaluations per sample had nothing been skipped.</summary>
    public double FullEvaluations => (double)_steps.Sum(s => s.Rows) / Samples;

    /// <summary>Multiply-adds executed by the network; work done twice counts twice.</summary>
    public double MultiplyAdds => _steps.Sum(s => s.MultiplyAdds);

    /// <summary>Multiply-adds of the same steps and branches with nothing skipped.</summary>
    public double FullMultiplyAdds => _steps.Sum(s => s.FullMultiplyAdds);

    /// <summary>Seconds from the first to the last step, the sampler's own work included.</summary>
    public double Seconds => _steps.Sum(s => s.Seconds);

    /// <summary>Times a value was read back from the device: each is a synchronisation on a GPU.</summary>
    public int HostReads => _steps.Sum(s => s.HostReads);

    /// <summary>Most bytes that strategies held at any moment; which of them, at the end of each step, <see cref="StepTrace.CacheBytesOf"/> says.</summary>
    public long PeakCacheBytes => _steps.Count == 0 ? 0 : _steps.Max(s => s.PeakCacheBytes);

    /// <summary>Bytes given back, or not remembered, because <see cref="SamplerBuilder.CacheBudget"/> had no room for them: above 0, more was computed than the strategies wanted.</summary>
    public long CacheBytesGivenBack => _steps.Sum(s => s.CacheBytesGivenBack);

    /// <summary>Strategies that have not acted so far, and why: for requests that are over, those that never did.</summary>
    public IReadOnlyList<IdleStrategy> Idle => IdleStrategy.Of(this);

    /// <summary>
    /// Multiply-adds of the same steps and branches with nothing skipped over those executed: the speed-up that perfect execution would give. Null where the network states no costs, or nothing was executed.
    /// Guidance that asks for fewer branches counts in <see cref="ArithmeticSpeedup"/> alone.
    /// </summary>
    public double? ArithmeticGain => FullMultiplyAdds > 0 && MultiplyAdds > 0 ? FullMultiplyAdds / MultiplyAdds : null;

    /// <summary>
    /// Multiply-adds of <paramref name="baseline"/> over those executed here, per sample: the speed-up that perfect execution would give.
    /// </summary>
    public double ArithmeticSpeedup(Trace baseline) => baseline.MultiplyAdds / baseline.Samples / (MultiplyAdds / Samples);

    /// <summary>What was known when the sampler was built.</summary>
    internal IReadOnlyList<IdleStrategy> NeverActing { get; set; } = [];

    internal void Add(StepTrace step) => _steps.Add(step);

    internal Trace Clone()
    {
        var copy = new Trace { Samples = Samples, NeverActing = NeverActing };
        copy._steps.AddRange(_steps);
        return copy;
    }
}
