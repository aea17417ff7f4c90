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
    public double Strength { get; init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Strength), value, "Must be above 0 and at most 1."); } = 1;

    /// <summary>Training steps that a consistency model was distilled on, instead of what its configuration says; null for that.</summary>
    public int? OriginalSteps { get; init => field = Require.AtLeast(1, value); }

    /// <exception cref="ArgumentException">More is asked for than a class takes.</exception>
    internal void RequireOnly(SchedulerInputs taken, string className)
    {
        (SchedulerInputs Input, bool IsGiven, string Name)[] inputs =
        [
            (SchedulerInputs.Mu, Mu is not null, nameof(Mu)),
            (SchedulerInputs.Sigmas, Sigmas is not null, nameof(Sigmas)),
            (SchedulerInputs.Timesteps, Timesteps is not null, nameof(Timesteps)),
            (SchedulerInputs.Strength, Strength != 1, nameof(Strength)),
            (SchedulerInputs.OriginalSteps, OriginalSteps is not null, nameof(OriginalSteps)),
        ];
        var left = inputs.FirstOrDefault(i => i.IsGiven && !taken.HasFlag(i.Input)).Name;
        if (left is not null)
        {
            var known = inputs.Where(i => taken.HasFlag(i.Input)).Select(i => i.Name).Prepend(nameof(Steps));
            throw new ArgumentException($"{className} takes {string.Join(", ", known)}, and {left} is given.");
        }
    }

    /// <summary>The given timesteps, as many as there are steps.</summary>
    /// <exception cref="ArgumentException">They are no such timesteps.</exception>
    internal int[]? WholeTimesteps()
    {
        if (Timesteps is not { } given)
        {
            return null;
        }

        if (given.Count != Steps)
        {
            throw new ArgumentException($"{given.Count} timesteps are given for {Steps} steps.");
        }

        return [.. given.Select(t => t >= 0 && t <= Schedule.MostSteps && t == Math.Floor(t)
            ? (int)t
            : throw new ArgumentException(FormattableString.Invariant($"Timestep {t} is given; timesteps are training steps, whole numbers from 0.")))];
    }
}
