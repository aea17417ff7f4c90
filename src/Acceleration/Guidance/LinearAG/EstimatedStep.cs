namespace Acceleration;

/// <summary>The unconditional prediction of one step as a sum of others: û_k = Σ b_j·c_(k−j) + Σ d_j·u_(k−1−j) + intercept. Weights are for the newest prediction first.</summary>
/// <param name="Step">k, 0-based.</param>
/// <param name="Conditional">Weights of c_k, c_(k−1), ...; at most k + 1.</param>
/// <param name="Unconditional">Weights of u_(k−1), u_(k−2), ...; at most k. Where one was estimated itself, its estimate stands for it.</param>
/// <param name="Intercept">Added to every element.</param>
public sealed record EstimatedStep(int Step, IReadOnlyList<double> Conditional, IReadOnlyList<double> Unconditional, double Intercept = 0)
{
    /// <summary>k.</summary>
    [InTag]
    [Within(0, Schedule.MostSteps)]
    public int Step { get; init => field = Require.Within(0, Schedule.MostSteps, value); } = Require.Within(0, Schedule.MostSteps, Step, nameof(Step));

    /// <summary>Weights of c_k, c_(k−1), ...</summary>
    [InTag("c")]
    public IReadOnlyList<double> Conditional { get; init => field = AllFinite(value, nameof(Conditional)); } = AllFinite(Conditional, nameof(Conditional));

    /// <summary>Weights of u_(k−1), u_(k−2), ...</summary>
    [InTag("u")]
    public IReadOnlyList<double> Unconditional { get; init => field = AllFinite(value, nameof(Unconditional)); } = AllFinite(Unconditional, nameof(Unconditional));

    /// <summary>Added to every element.</summary>
    [InTag("i")]
    public double Intercept { get; init => field = Require.Finite(value); } = Require.Finite(Intercept, nameof(Intercept));

    /// <summary>Why it cannot be used in a run of as many steps, or null.</summary>
    internal string? Refuse(int steps) =>
        Step >= steps ? $"it has weights for step {Step}, and the last one is {steps - 1} (steps count from 0)."
        : Conditional.Count == 0 || Conditional.Count > Step + 1 ? $"step {Step} has {Conditional.Count} weights of conditional predictions; 1 to {Step + 1} can be used."
        : Unconditional.Count > Step ? $"step {Step} has {Unconditional.Count} weights of unconditional predictions; {Step} at most can be used."
        : null;

    private static IReadOnlyList<double> AllFinite(IReadOnlyList<double> weights, string name)
    {
        ArgumentNullException.ThrowIfNull(weights, name);
        return weights.FirstOrDefault(w => !double.IsFinite(w)) is var wrong and not 0
            ? throw new ArgumentOutOfRangeException(name, wrong, "Weights must be finite.")
            : ValueList.Of(weights);
    }
}
