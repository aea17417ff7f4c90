using System.Globalization;

namespace Acceleration.Models;

/// <summary>Counts the parts of a network by their names.</summary>
internal static class BlockCount
{
    private const int Most = 1 << 12;

    /// <summary>One more than the largest number that follows a prefix: <c>blocks.</c> has 3 where there are <c>blocks.0.x</c> to <c>blocks.2.x</c>.</summary>
    public static int Of(ICheckpoint file, string prefix) => file.Names
        .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
        .Select(n => n[prefix.Length..].Split('.')[0])
        .Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Most ? number + 1 : 0)
        .DefaultIfEmpty(0).Max();
}
