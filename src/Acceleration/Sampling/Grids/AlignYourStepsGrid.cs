namespace Acceleration;

/// <summary>Noise levels of <see cref="AlignYourSteps"/>, for solvers on training steps (DDIM, DPM-Solver++) and in sigma space (Euler, Heun) alike.</summary>
/// <param name="Steps">N, 1 to <see cref="Schedule.MostSteps"/>; published for 10.</param>
[Entry("alignYourSteps", "ays")]
public sealed record AlignYourStepsGrid(int Steps) : IGrid
{
    /// <summary>N.</summary>
    [InTag]
    [Within(1, Schedule.MostSteps)]
    public int Steps { get; init => field = Require.StepsOf<AlignYourStepsGrid>(value, Schedule.MostSteps); } = Require.StepsOf<AlignYourStepsGrid>(Steps, Schedule.MostSteps);

    /// <summary>The network whose levels they are.</summary>
    [InTag]
    public AlignYourStepsModel Model { get; init; } = AlignYourStepsModel.StableDiffusion;

    /// <summary>Whether points are those of solvers in sigma space, α = 1 and σ = S; else α² + σ² = 1.</summary>
    [InTag("ve")]
    public bool SigmaSpace { get; init; }

    /// <summary>
    /// Whether levels are those of whole training steps, for ten steps those of the published list; else they are the published levels, and the network is told the fraction of a training step where they lie.
    /// </summary>
    [InTag("int")]
    public bool Whole { get; init; }

    /// <summary>Whether the last step arrives at the clean sample; else at the cleanest training step.</summary>
    [InTag("first")]
    public bool EndsClean { get; init; } = true;

    private bool IsToldSigma => Model == AlignYourStepsModel.StableVideoDiffusion;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Whole training steps of a network that is told the noise level itself, or more of them than there are.</exception>
    public Schedule On(DenoiserInfo network)
    {
        // A last training step without signal has no S: it counts as one with very little.
        var table = IsToldSigma ? null : TrainingSteps.Of(network).WithFiniteTerminalSnr();
        (double Time, double Level)[] levels = [.. AlignYourSteps.Levels(Model, Steps).Select(s => (TimeOf(s), s))];
        if (Whole)
        {
            levels = OnTrainingSteps(levels, table ?? throw new ArgumentException($"{Model} is told the noise level itself and has no training steps; leave {nameof(Whole)} out."));
        }

        if (EndsClean)
        {
            levels[^1] = (0, 0);
        }

        var clock = IsToldSigma ? NetworkClock.LogSigma : NetworkClock.TrainingStep;
        var (name, first) = ($"ays-{Model.ToString().ToLowerInvariant()}", (float)levels[0].Level);
        if (!SigmaSpace)
        {
            return Schedule.Through(name, [.. levels.Select(l => GridPoints.VariancePreserving(l.Time, l.Level))], clock);
        }

        GridPoint[] points = [.. levels.Select(l => GridPoints.VarianceExploding(l.Time, l.Level))];
        return new(name, [.. points[..^1]], [.. points[1..]], MathF.Sqrt((first * first) + 1)) { Clock = clock, Level = s => GridPoints.VarianceExploding(TimeOf(s), s) };

        double TimeOf(double level) => table is null ? SigmaSchedule.LogTime((float)level) : SigmaLookup.TimeOf(table, level);
    }

    private (double Time, double Level)[] OnTrainingSteps((double Time, double Level)[] levels, NoiseTable table)
    {
        var published = AlignYourSteps.PublishedTimesteps(Model)!;
        long[] whole = Steps == published.Count ? [.. published.Select(t => (long)t)] : Timesteps.Nearest(table, [.. levels[..^1].Select(l => l.Level)]);
        return [.. whole.Append(0).Select(t => ((double)t, (double)table.SigmaRatios[(int)t]))];
    }
}
