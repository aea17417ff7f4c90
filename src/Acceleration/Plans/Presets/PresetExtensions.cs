namespace Acceleration;

/// <summary>Presets on samplers.</summary>
public static class PresetExtensions
{
    /// <summary>Uses a preset's strategies for the builder's network; they replace all strategies but guidance, as a plan's do.</summary>
    /// <param name="builder">The builder; solver and guidance are its own.</param>
    /// <param name="preset">The preset.</param>
    public static SamplerBuilder UsePreset(this SamplerBuilder builder, Preset preset)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(preset);
        return builder.Plan(preset.For(builder.Network));
    }
}
