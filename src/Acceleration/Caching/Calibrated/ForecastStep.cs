namespace Acceleration;

/// <summary>A step in which a <see cref="FittedForecast"/> evaluates.</summary>
/// <param name="Step">0-based.</param>
/// <param name="Evaluates">What it evaluates.</param>
public readonly record struct ForecastStep(int Step, EvaluatedBranches Evaluates = EvaluatedBranches.All)
{
    /// <summary>Evaluations of one sample in a run with two branches, or without guidance.</summary>
    internal int Evaluations(bool guided) => Evaluates switch { EvaluatedBranches.None => 0, EvaluatedBranches.All when guided => 2, _ => 1 };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Step}{(Evaluates == EvaluatedBranches.Conditional ? "c" : "")}");
}
