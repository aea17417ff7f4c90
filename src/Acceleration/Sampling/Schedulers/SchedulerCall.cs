namespace Acceleration;

/// <summary>What a pipeline asks of a configured scheduler for one run.</summary>
/// <param name="Steps">N, at least 1.</param>
public sealed record SchedulerCall(int Steps)
{
    /// <summary>N.</summary>
    public int Steps { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Steps, nameof(Steps));

    /// <summary>μ of a schedule that shifts with the resolution, for example of <see cref="FlowShift.Mu"/>; null where it does not.</summary>
    public double? Mu { get; init; }

    /// <summary>Noise levels given by the pipeline instead of the scheduler's own, descending; null for the scheduler's own.</summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>Timesteps given by the pipeline instead of the scheduler's own, descending; null for the scheduler's own.</summary>
    public IReadOnlyList<double>? Timesteps { get; init; }

    /// <summary>Share of the trajectory that an image-to-image run of a consistency model covers, above 0 and at most 1.</summary>
    public double Strength { get; init; } = 1;
}
