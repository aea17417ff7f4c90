namespace Acceleration;

/// <summary>Levels of training steps, as the DPM-Solver, UniPC and DEIS classes of the reference share them.</summary>
/// <param name="table">Noise levels of training.</param>
/// <param name="shape">Their distribution.</param>
internal sealed class MultistepLevels(NoiseTable table, SigmaShape shape)
{
    public TimestepSpacing Spacing { get; init; } = TimestepSpacing.Linspace;

    public int Offset { get; init; }

    public bool EndsClean { get; init; } = true;

    public double? LambdaMin { get; init; }

    public bool CutsTimes { get; init; }

    public double? Max { get; init; }

    public double? Min { get; init; }

    /// <summary>Whether a shape that ends with noise ends where its last step starts: at its largest level, where there is one step alone. Else at the table's smallest.</summary>
    public bool Stays { get; init; }

    /// <summary>Whether the last step arrives at the clean sample.</summary>
    public static bool EndIsClean(SchedulerConfig config) => config.Choice("final_sigmas_type", "zero", ("zero", true), ("sigma_min", false));

    /// <summary>The lowest ln(α/σ) a class takes, or null.</summary>
    public static double? LowestOf(SchedulerConfig config) => config.Get("lambda_min_clipped", double.NegativeInfinity) is var least && double.IsFinite(least) ? least : null;

    /// <summary>The levels of a run: those of given timesteps, where the pipeline gives some.</summary>
    public IGrid On(SchedulerCall call) => call.Timesteps is not { } given
        ? new MultistepGrid(call.Steps) { Spacing = Spacing, Offset = Offset, Shape = shape, EndsClean = EndsClean, LambdaMin = LambdaMin, CutsTimes = CutsTimes, Max = Max, Min = Stays && call.Steps == 1 && !EndsClean ? Max ?? table.WithFiniteTerminalSnr().SigmaRatios[^1] : Min }
        : shape != SigmaShape.Plain ? throw new ArgumentException($"Timesteps are given, and the configuration asks for {shape} levels: either of the two.", nameof(call))
        : new GivenLevels(call, given.Count, _ => MultistepSchedule.Through("multistep-given", table, [.. given.Select(t => (long)t)], EndsClean));
}
