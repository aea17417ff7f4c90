using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// DDIM (Song et al., 2021, equation 12): x' = α'·x0 + √(σ'² − s²)·ε + s·n. Deterministic at <see cref="Eta"/> 0, DDPM's ancestral sampling at 1.
/// Computes in the dtype of the latents.
/// </summary>
[Entry("ddim", "ddim")]
[UsualSchedule(typeof(DdimGrid))]
public sealed record Ddim : ISolver
{
    /// <summary>η, 0..1: share of the posterior's standard deviation that is drawn anew in each step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in 0..1.</exception>
    [InTag("eta")]
    [Within(0, 1)]
    public double Eta
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Eta), value, "Eta lies between 0 (deterministic) and 1 (ancestral).");
    }

    /// <summary>Whether ε is made consistent with a clipped or thresholded x0 instead of taken from the network.</summary>
    [InTag("re")]
    public bool UseClippedModelOutput { get; init; }

    /// <inheritdoc/>
    public string Name => "ddim";

    /// <inheritdoc/>
    public bool TakesCleanAndNoiseApart => !UseClippedModelOutput;

    /// <inheritdoc/>
    public string? Refuse(Schedule grid) => SigmaLevels.WhyUnscaled(grid);

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => 1;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => new(state.Latents, state.Latents, grid.Points[step]);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The step starts without noise but <see cref="Eta"/> or <see cref="UseClippedModelOutput"/> divide by it.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        var (from, to) = (grid.Points[step], grid.Targets[step]);
        if (from.Sigma == 0 && (Eta > 0 || UseClippedModelOutput))
        {
            throw new ArgumentException($"Schedule {grid.Name}: step {step} starts at sigma 0, where eta above 0 and a recomputed epsilon are not defined.");
        }

        // Taken before the scope opens: the prediction remembers its conversions.
        var x0 = now.LeadingX0;
        var epsilon = UseClippedModelOutput ? null : now.LeadingEpsilon;

        using var scope = NewDisposeScope();
        epsilon ??= (state.Latents - x0.Times(from.Alpha)).Over(from.Sigma);
        var deviation = Deviation(from, to);
        var direction = Eta == 0 ? to.Sigma : MathF.Sqrt((to.Sigma * to.Sigma) - (deviation * deviation));
        var mean = x0.Times(to.Alpha).Plus(epsilon.Times(direction)).MoveToOuterDisposeScope();
        var noise = Eta == 0 ? null : tensor(deviation, mean.dtype, mean.device).MoveToOuterDisposeScope();
        return new(mean, noise, state with { Latents = mean });
    }

    /// <summary>η·σ'/σ·√(1 − ᾱ/ᾱ'), written so that it also holds for grids with α² + σ² ≠ 1; never above σ'.</summary>
    private float Deviation(GridPoint from, GridPoint to)
    {
        if (Eta == 0)
        {
            return 0;
        }

        double kept = (double)from.Alpha / to.Alpha;
        var added = Math.Max(0, ((double)from.Sigma * from.Sigma) - (kept * kept * to.Sigma * to.Sigma));
        return (float)Math.Min(to.Sigma, Eta * to.Sigma / from.Sigma * Math.Sqrt(added));
    }
}
