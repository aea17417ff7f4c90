namespace Acceleration.Tool;

/// <summary>What <c>fit linear-ag</c> made.</summary>
internal sealed record LinearAGReport
{
    /// <summary>The plan's file.</summary>
    public required string Plan { get; init; }

    /// <summary>Network, solver and guidance that it was fitted to.</summary>
    public required string Network { get; init; }

    public required string Sampler { get; init; }

    public required long Trajectories { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Network evaluations of a sample with the plan, and of plain guidance.</summary>
    public required int Evaluations { get; init; }

    public required int FullEvaluations { get; init; }

    /// <summary>The estimated steps.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>One estimated step.</summary>
    /// <param name="Index">0-based.</param>
    /// <param name="Rms">Root mean square of the error.</param>
    /// <param name="Relative">As a part of the unconditional predictions' own.</param>
    /// <param name="Terms">Predictions it is a sum of.</param>
    internal sealed record Step(int Index, double Rms, double Relative, int Terms);
}
