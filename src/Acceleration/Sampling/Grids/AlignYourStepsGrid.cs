namespace Acceleration;

/// <summary>Noise levels of <see cref="AlignYourSteps"/>, for solvers on training steps (DDIM, DPM-Solver++) and in sigma space (Euler, Heun) alike.</summary>
/// <param name="Steps">N, 1 to <see cref="Schedule.MostSteps"/>; published for 10.</param>
[Entry("alignYourSteps", "ays")]
public sealed record AlignYourStepsGrid(int Steps) : IGrid
{
    /// <summary>N.</summary>
    [InTag]
    [Within(1, Schedule.MostSteps)]
    public int Steps { get; init => field = Require.Within(1, Schedule.MostSteps, value); } = Require.Within(1, Schedule.MostSteps, Steps, nameof(Steps));

    /// <summary>The network whose levels they are.</summary>
    [InTag]
    public AlignYourStepsModel Model { get; init; } = AlignYourStepsModel.StableDiffusion;

    /// <summary>Whether points are those of sigma-space solvers, α = 1 and σ = S; else α² + σ² = 1.</summary>
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
        var levels = AlignYourSteps.Levels(Model, Steps);
        var points = IsToldSigma ? Told(levels) : Whole ? OnTrainingSteps(levels, TableOf(network)) : Between(levels, TableOf(network));
        if (EndsClean)
        {
            points[^1] = new(0, 1, 0);
        }

        var name = $"ays-{Model.ToString().ToLowerInvariant()}";
        return SigmaSpace
            ? Schedule.Through(name, [.. points.Select(p => new GridPoint(p.Time, 1, p.Sigma / p.Alpha))], MathF.Sqrt(((float)levels[0] * (float)levels[0]) + 1))
            : Schedule.Through(name, [.. points]);
    }

    private static NoiseTable TableOf(DenoiserInfo network) => TrainingSteps.Of(network).WithFiniteTerminalSnr();

    private GridPoint[] Told(double[] levels) => !Whole
        ? Array.ConvertAll(levels, s => GridPoints.VariancePreserving(0.25 * Math.Log(s), s))
        : throw new ArgumentException($"{Model} is told the noise level itself and has no training steps; leave {nameof(Whole)} out.");

    private static GridPoint[] Between(double[] levels, NoiseTable table) => Array.ConvertAll(levels, s => GridPoints.VariancePreserving(SigmaLookup.TimeOf(table, s), s));

    private GridPoint[] OnTrainingSteps(double[] levels, NoiseTable table)
    {
        var published = AlignYourSteps.PublishedTimesteps(Model)!;
        var whole = Steps == published.Count ? [.. published.Select(t => (long)t)] : Timesteps.Nearest(table, levels[..^1]);
        return [.. whole.Select(table.At), table.At(0)];
    }
}
