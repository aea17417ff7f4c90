using System.Globalization;

namespace Acceleration;

/// <summary>One thing that was tried at one site.</summary>
/// <param name="Site">Path of the site; <c>network</c> for the network as a whole.</param>
/// <param name="Tried">What was tried, for example <c>some rows, then the others</c>.</param>
/// <param name="Difference">Largest difference from what was expected, relative to its largest value; null where nothing was compared.</param>
/// <param name="Message">What is wrong, and where to look; null where nothing is.</param>
public sealed record NetworkCheckFinding(string Site, string Tried, double? Difference = null, string? Message = null)
{
    /// <summary>Whether it is as it should be.</summary>
    public bool Passed => Message is null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Site}: {Tried}: {Message ?? "passed"}{(Difference is { } difference ? $" (relative difference {difference:g3})" : "")}");
}
