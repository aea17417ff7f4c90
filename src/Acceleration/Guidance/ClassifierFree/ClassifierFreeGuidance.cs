namespace Acceleration;

/// <summary>
/// Classifier-free guidance (Ho and Salimans, 2022): g = u + s·(c − u), evaluated in this order. With negative prompts u is their output.
/// </summary>
/// <param name="Scale">Guidance scale s; within 1e-9 of 1 the condition alone is evaluated. The original form c + w·(c − u) has w = s − 1: <see cref="Original"/>. Finite.</param>
/// <param name="GuidedChannels">Latent channels that are guided; null for all. The original DiT release guides the first 3 of 4.</param>
[Entry("cfg", "CFG")]
public sealed record ClassifierFreeGuidance(double Scale, int? GuidedChannels = null) : IStrategy
{
    /// <summary>Guidance scale s; 1 evaluates the condition alone.</summary>
    [InTag]
    public double Scale { get; init => field = Require.Finite(value); } = Require.Finite(Scale, nameof(Scale));

    /// <summary>Latent channels that are guided; null for all.</summary>
    [InTag("ch")]
    [AtLeast(1)]
    public int? GuidedChannels { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, GuidedChannels, nameof(GuidedChannels));

    /// <summary>Where the sum starts: the same up to rounding.</summary>
    [InTag("from")]
    public GuidanceBase Base { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => PairNeeds.Of(Scale);

    /// <summary>The form of the original paper, c + w·(c − u).</summary>
    /// <param name="weight">w; 0 evaluates the condition alone.</param>
    public static ClassifierFreeGuidance Original(double weight) => new(weight + 1) { Base = GuidanceBase.Conditional };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new ClassifierFreeRun(this, info.Network);
}
