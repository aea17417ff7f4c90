namespace Acceleration;

/// <summary>One span of <see cref="FittedForecast"/>: a run of steps with one output, Σ wⱼ·(what has been evaluated), w fitted beforehand.</summary>
/// <param name="Step">0-based step in which it begins; it ends where the next one begins.</param>
/// <param name="Evaluates">What is evaluated in that step.</param>
/// <param name="Latents">Weight of the latents of that step.</param>
/// <param name="Conditional">Weights of the evaluated conditional outputs, newest first, this step's included; those without a weight are left out.</param>
/// <param name="Unconditional">Weights of the evaluated unconditional outputs, newest first.</param>
public sealed record ForecastSpan(int Step, EvaluatedBranches Evaluates, double Latents, IReadOnlyList<double> Conditional, IReadOnlyList<double> Unconditional)
{
    /// <summary>The step in which it begins.</summary>
    [InTag]
    [Within(0, Schedule.MostSteps)]
    public int Step { get; init => field = Require.Within(0, Schedule.MostSteps, value); } = Require.Within(0, Schedule.MostSteps, Step, nameof(Step));

    /// <summary>What that step evaluates.</summary>
    [InTag]
    public EvaluatedBranches Evaluates { get; init; } = Evaluates;

    /// <summary>Weight of the latents; finite.</summary>
    [InTag("x")]
    public double Latents { get; init => field = Require.Finite(value); } = Require.Finite(Latents, nameof(Latents));

    /// <summary>Weights of conditional outputs; finite.</summary>
    [InTag("c")]
    public IReadOnlyList<double> Conditional { get; init => field = AllFinite(value, nameof(Conditional)); } = AllFinite(Conditional, nameof(Conditional));

    /// <summary>Weights of unconditional outputs; finite.</summary>
    [InTag("u")]
    public IReadOnlyList<double> Unconditional { get; init => field = AllFinite(value, nameof(Unconditional)); } = AllFinite(Unconditional, nameof(Unconditional));

    private static IReadOnlyList<double> AllFinite(IReadOnlyList<double> weights, string name)
    {
        ArgumentNullException.ThrowIfNull(weights, name);
        return weights.FirstOrDefault(w => !double.IsFinite(w)) is var wrong and not 0
            ? throw new ArgumentOutOfRangeException(name, wrong, "Weights must be finite.")
            : ValueList.Of(weights);
    }
}
