namespace Acceleration;

/// <summary>What a run knows of its request when it begins.</summary>
/// <param name="Network">The network.</param>
/// <param name="Solver">Name of the solver.</param>
/// <param name="Stages">Grid of each stage; one for plain sampling.</param>
/// <param name="GuidanceScale">Guidance scale s in u + s·(c − u); 1 without guidance.</param>
public sealed record RunInfo(DenoiserInfo Network, string Solver, IReadOnlyList<Schedule> Stages, double GuidanceScale)
{
    /// <summary>Whether a strategy combines the condition's output with an unconditional one.</summary>
    public bool IsGuided { get; init; }

    /// <summary>Whether a strategy combines branches at all: classifier-free guidance, or <see cref="AutoGuidance"/>, which needs no unconditional one.</summary>
    public bool CombinesBranches { get; init; }

    /// <summary>Branches beyond the conditional one that strategies ask for, in some step at least.</summary>
    public IReadOnlyList<int> OtherBranches { get; init; } = [];

    /// <summary>Whether the solver takes x0 and ε apart: <see cref="ISolver.TakesCleanAndNoiseApart"/>.</summary>
    public bool TakesCleanAndNoiseApart { get; init; }

    /// <summary>Whether the solver asks the network once in every step.</summary>
    public bool OneCallPerStep { get; init; } = true;
}
