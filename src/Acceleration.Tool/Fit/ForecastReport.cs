namespace Acceleration.Tool;

/// <summary>What <c>fit forecast</c> made.</summary>
internal sealed record ForecastReport
{
    /// <summary>The plan's file.</summary>
    public required string Plan { get; init; }

    /// <summary>Network, solver and guidance that it was fitted to.</summary>
    public required string Network { get; init; }

    public required string Sampler { get; init; }

    public required long Trajectories { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Network evaluations of a sample with the plan, and without a forecast.</summary>
    public required int Evaluations { get; init; }

    public required int FullEvaluations { get; init; }

    /// <summary>The evaluated steps; c for the condition alone.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>Mean square of the final latents over that of their error, in dB, on the trajectories it was fitted to.</summary>
    public required double Decibels { get; init; }
}
