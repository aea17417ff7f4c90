namespace Acceleration;

/// <summary>
/// Noise levels of a preconditioned network (Karras et al., 2022), which is told ¼·ln σ and given x/√(σ² + σ_data²): σ_k = (σ_max^(1/ρ) + k/(N − 1)·(σ_min^(1/ρ) − σ_max^(1/ρ)))^ρ, then 0.
/// </summary>
/// <param name="Steps">N, 1 to <see cref="Schedule.MostSteps"/>.</param>
[Entry("edm", "edm")]
public sealed record EdmGrid(int Steps) : IGrid
{
    /// <summary>N.</summary>
    [InTag]
    [Within(1, Schedule.MostSteps)]
    public int Steps { get; init => field = Require.StepsOf<EdmGrid>(value, Schedule.MostSteps); } = Require.StepsOf<EdmGrid>(Steps, Schedule.MostSteps);

    /// <summary>σ_max, above 0.</summary>
    [InTag("max")]
    [Above(0)]
    public double Largest { get; init => field = Require.Above(0, value); } = 80;

    /// <summary>σ_min, above 0 and not above <see cref="Largest"/>.</summary>
    [InTag("min")]
    [Above(0)]
    public double Smallest { get; init => field = Require.Above(0, value); } = 0.002;

    /// <summary>ρ, above 0: the larger, the more levels at low noise.</summary>
    [InTag("rho")]
    [Above(0)]
    public double Rho { get; init => field = Require.Above(0, value); } = 7;

    /// <summary>Whether levels are uniform in ln σ instead.</summary>
    [InTag("exp")]
    public bool Exponential { get; init; }

    /// <summary>σ_data, above 0: standard deviation of the clean samples that the network was trained on.</summary>
    [InTag("data")]
    [Above(0)]
    public double SigmaData { get; init => field = Require.Above(0, value); } = 0.5;

    /// <summary>Whether the last step arrives at the clean sample; else it stays at σ_min.</summary>
    [InTag("stay")]
    public bool EndsClean { get; init; } = true;

    /// <summary>Whether the first latents have deviation √(σ_max² + 1), as one reference has them, instead of σ_max.</summary>
    [InTag("one")]
    public bool UnitAdded { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">σ_min is above σ_max.</exception>
    public Schedule On(DenoiserInfo network)
    {
        if (Smallest > Largest)
        {
            throw new ArgumentException(FormattableString.Invariant($"Noise levels fall from {nameof(Largest)} to {nameof(Smallest)}, not from {Largest} to {Smallest}."));
        }

        var levels = Exponential ? Sigmas.Exponential(Largest, Smallest, Steps) : Sigmas.Karras(Largest, Smallest, Steps, Rho);
        GridPoint[] points = [.. levels.Select(s => Level((float)s))];
        var scale = UnitAdded ? Math.Sqrt((Largest * Largest) + 1) : levels[0];
        return new Schedule(Exponential ? "edm-exponential" : "edm", [.. points], [.. points[1..], EndsClean ? Level(0) : points[^1]], (float)scale) { Clock = NetworkClock.LogSigma, Level = Level };
    }

    private GridPoint Level(float sigma) => GridPoints.VarianceExploding(sigma == 0 ? 0 : SigmaSchedule.LogTime(sigma), sigma) with { SigmaData = (float)SigmaData };
}
