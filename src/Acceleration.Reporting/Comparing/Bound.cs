using System.Text.Json.Serialization;

namespace Acceleration.Reporting;

/// <summary>How far a number is known.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Bound>))]
public enum Bound
{
    /// <summary>The number itself.</summary>
    Exact,

    /// <summary>The true number is this or higher.</summary>
    AtLeast,

    /// <summary>The true number is this or lower.</summary>
    AtMost,
}
