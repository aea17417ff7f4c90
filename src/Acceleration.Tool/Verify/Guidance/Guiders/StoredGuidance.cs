namespace Acceleration.Tool;

/// <summary>A configured guider of the reference, as strategies of this library.</summary>
/// <param name="Strategies">The strategies, guidance first; none where it is disabled.</param>
internal sealed record StoredGuidance(params IReadOnlyList<IStrategy> Strategies)
{
    /// <summary>Where the output of each branch but the conditional one is recorded.</summary>
    public IReadOnlyDictionary<int, string> Recorded { get; init; } = new Dictionary<int, string> { [Branch.Unconditional] = "input.uncond" };

    /// <summary>What the recorded flags <c>active.*</c> mean: told the step and the branches evaluated in it.</summary>
    public required IReadOnlyDictionary<string, Func<int, IReadOnlySet<int>, bool>> Active { get; init; }

    /// <summary>What its first strategy remembers for each sample, and under which name that is recorded; null where nothing is.</summary>
    public (string Probe, StoreKey Key)? Memory { get; init; }

    /// <summary>Whether the reference leaves on the predictions what it padded them with at the bottom and the right: it is not compared.</summary>
    public bool IsPadded { get; init; }

    /// <summary>Whether it adds, subtracts and multiplies element by element alone: then float32 predictions are equal bit for bit.</summary>
    public bool IsElementwise { get; init; }

    /// <summary>Whether the unconditional branch was evaluated: what most flags mean.</summary>
    public static bool IsGuided(int step, IReadOnlySet<int> evaluated) => evaluated.Contains(Branch.Unconditional);
}
