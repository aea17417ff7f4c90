namespace Acceleration;

/// <summary>How the weights of <see cref="LinearAG"/> are fitted.</summary>
public sealed record LinearFitOptions
{
    /// <summary>Which earlier predictions are summed.</summary>
    public LinearForm Form { get; init; } = LinearForm.Full;

    /// <summary>Whether a constant is added, too.</summary>
    public bool Intercept { get; init; }

    /// <summary>Added to the diagonal of the normal equations, as a part of its mean: keeps them solvable where predictions depend on each other. At least 0.</summary>
    public double Ridge { get; init => field = Require.AtLeast(0.0, Require.Finite(value)); } = 1e-8;

    /// <summary>What stands for the unconditional branch in the tail.</summary>
    public LinearTail Tail { get; init; } = LinearTail.Conditional;
}
