namespace Acceleration.Policy;

/// <summary>A way to sample from the policy.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">Whether it skips evaluations or is what such a setting must be compared with.</param>
/// <param name="Sampler">The policy with solver and strategies.</param>
internal sealed record Setting(string Name, SettingKind Kind, Sampler Sampler)
{
    /// <summary>Whether its rollouts are drawn.</summary>
    public bool IsDrawn { get; init; }
}
