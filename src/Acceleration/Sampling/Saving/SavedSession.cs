using System.Text.Json.Serialization;

namespace Acceleration;

/// <summary>What a saved session holds beside its tensors.</summary>
internal sealed record SavedSession
{
    /// <summary>Raised when older libraries could no longer read a new file rightly.</summary>
    public const int Current = 1;

    public required int Version { get; init; }

    public required SavedIdentity Sampler { get; init; }

    public required int Stage { get; init; }

    public required int Step { get; init; }

    /// <summary>Latent size that was asked for, [channels, ...].</summary>
    public required long[] Size { get; init; }

    public required int PreviewEvery { get; init; }

    /// <summary>Seed of sample 0; null where the request brought a noise source of its own.</summary>
    public required long? Seed { get; init; }

    /// <summary>Noise drawn so far.</summary>
    public required SavedDraw[] Draws { get; init; }

    /// <summary>Samples.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows of the negative condition; null for none.</summary>
    public required int? NegativeRows { get; init; }

    /// <summary>Rows of each further condition; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int[]? OtherRows { get; init; }

    /// <summary>Entries of the solver's history.</summary>
    public required int History { get; init; }

    /// <summary>One for each strategy, in order.</summary>
    public required SavedStore[] Stores { get; init; }

    /// <summary>The steps done.</summary>
    public required SavedStep[] Trace { get; init; }

    /// <summary>Forms of operators that were measured.</summary>
    public required SavedRoute[] Routes { get; init; }
}
