using System.Text.Json.Serialization;

namespace Acceleration.Reporting;

/// <summary>The part a row plays in a comparison.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RowKind>))]
public enum RowKind
{
    /// <summary>The sampler that all others are compared with.</summary>
    Baseline,

    /// <summary>A setting to be judged.</summary>
    Variant,

    /// <summary>The plain sampler with fewer steps: what a setting has to beat.</summary>
    Control,
}
