using System.Globalization;

namespace Acceleration.Tool;

/// <summary>The last line of <c>generate</c>.</summary>
internal static class GenerateSummary
{
    public static void Write(Terminal terminal, GenerateReport report, bool json)
    {
        if (json)
        {
            terminal.Out.WriteLine(ToolJson.Of(report));
        }
        else if (report.Pictures.Count > 0)
        {
            var each = report.Seconds / report.Pictures.Count;
            var saved = report.ArithmeticSpeedup is { } a and > 1.005 ? string.Create(CultureInfo.InvariantCulture, $", arithmetic {a:0.00}× less") : "";
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Pictures.Count} {(report.Pictures.Count == 1 ? "picture" : "pictures")} in {report.Folder}: {report.Sampler}, {report.Seconds:0.00} s, {each:0.00} s each, {report.Evaluations:0.#} of {report.FullEvaluations:0.#} network evaluations per picture{saved}"));
            foreach (var note in report.Notes)
            {
                terminal.Out.WriteLine(note);
            }
        }

        if (!report.Complete)
        {
            terminal.Error.WriteLine($"Stopped: {report.Pictures.Count} of {report.Asked} pictures are in {report.Folder}.");
        }
    }
}
