using System.Diagnostics.CodeAnalysis;

namespace Acceleration.Tool;

/// <summary>What <c>fit linear-ag</c> was asked for.</summary>
internal sealed record LinearAGSettings : FitSettings
{
    [SetsRequiredMembers]
    public LinearAGSettings(FitSettings common, LinearFitOptions fit)
        : base(common) => Fit = fit;

    public LinearFitOptions Fit { get; }
}
