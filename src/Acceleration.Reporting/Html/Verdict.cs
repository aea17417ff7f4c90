namespace Acceleration.Reporting;

/// <summary>The style of a comparison with fewer steps.</summary>
internal static class Verdict
{
    public static string Class(ComparisonRow row) => row.Control?.Beats switch
    {
        true => "good",
        false => "bad",
        null => "open",
    };
}
