namespace Acceleration.Fuzz;

/// <summary>A run of the fuzzer.</summary>
internal sealed record FuzzOptions
{
    /// <summary>Number of inputs.</summary>
    public required long Inputs { get; init; }

    /// <summary>Seed: with the number of an input it determines that input.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Number of the first input.</summary>
    public long First { get; init; }

    /// <summary>The only target, or null for all.</summary>
    public string? Target { get; init; }

    /// <summary>Where inputs that were findings are kept.</summary>
    public string Findings { get; init; } = "fuzz-findings";

    /// <summary>Time one input may take. Generous, because the machine may be busy and a collection may fall into it.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(30);
}
