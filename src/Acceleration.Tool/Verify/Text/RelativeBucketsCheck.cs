using System.Globalization;
using System.Text.RegularExpressions;
using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary>Tables of T5's buckets of relative positions.</summary>
internal sealed partial class RelativeBucketsCheck : ICheck
{
    public string Kind => "text";

    public string Knows => "T5Attention._relative_position_bucket";

    public bool Fits(GoldenFile file) => file.TextOrNull("function")?.StartsWith(Knows, StringComparison.Ordinal) == true;

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var positions = file.Whole("input.relative_position");
        foreach (var name in file.Names.Where(n => n.StartsWith("output.", StringComparison.Ordinal)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (TableName().Match(name) is { Success: true } table)
            {
                var (buckets, farthest) = (int.Parse(table.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(table.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
                var made = positions.Select(p => (long)RelativeBuckets.Of(p, table.Groups[3].Value == "bi", buckets, farthest));
                found.Equal("buckets", name["output.".Length..], made, file.Whole(name));
            }
        }
    }

    [GeneratedRegex(@"^output\.buckets([0-9]{1,6})_max([0-9]{1,8})_(bi|causal)$", RegexOptions.CultureInvariant)]
    private static partial Regex TableName();
}
