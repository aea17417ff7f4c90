using System.Diagnostics.CodeAnalysis;

namespace Acceleration.Tool;

/// <summary>What <c>fit forecast</c> was asked for.</summary>
internal sealed record ForecastSettings : FitSettings
{
    [SetsRequiredMembers]
    public ForecastSettings(FitSettings common, int? evaluations, int tries)
        : base(common) => (Evaluations, Tries) = (evaluations, tries);

    /// <summary>Null for a seventh of all.</summary>
    public int? Evaluations { get; }

    /// <summary>Lists of steps that may be tried.</summary>
    public int Tries { get; }
}
