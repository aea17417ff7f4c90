using System.Net;
using System.Text;

namespace Acceleration.Policy;

/// <summary>The results as one self-contained HTML page.</summary>
internal static class ReportPage
{
    private const string Style = """
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; color: #222; background: #fff }
        table { border-collapse: collapse } td, th { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #ddd } td:first-child, th:first-child { text-align: left }
        img { max-width: 100% } h2 { margin: 2rem 0 .4rem; font-size: 1.1rem }
        """;

    public static string Of(IReadOnlyList<Measured> results, IEnumerable<string> findings, IReadOnlyList<Scene> scenes, IReadOnlyList<IReadOnlyList<Robot>> shown, string machine)
    {
        var page = new StringBuilder();
        page.AppendLine($"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>A diffusion policy</title><style>{Style}</style>");
        page.AppendLine("<h1>A diffusion policy drives a robot around a disc</h1>");
        page.AppendLine($"<p>{results[0].Robots.Count} episodes per setting, the same scenes and noise for all. A plan is 16 actions, of which {Controller.Executed} are carried out. Times are of one plan for one robot. {Text(machine)}</p>");
        page.AppendLine($"<table><tr>{string.Concat(ResultLines.Headings.Select(h => $"<th>{Text(h)}</th>"))}</tr>");
        foreach (var row in ResultLines.Rows(results))
        {
            page.AppendLine($"<tr>{string.Concat(row.Select(cell => $"<td>{Text(cell)}</td>"))}</tr>");
        }

        page.AppendLine($"</table><ul>{string.Concat(findings.Select(f => $"<li>{Text(f)}</li>"))}</ul>");
        Picture("Demonstrations", shown);
        foreach (var result in results.Where(r => r.Drawn.Count > 0))
        {
            Picture(result.Setting.Name, result.Drawn);
        }

        return page.AppendLine("</html>").ToString();

        void Picture(string title, IReadOnlyList<IReadOnlyList<Robot>> rollouts) =>
            page.AppendLine($"<h2>{Text(title)}</h2><img alt=\"Ways that robots took in {scenes.Count} scenes\" src=\"data:image/png;base64,{Convert.ToBase64String(TrajectoryPicture.Png(scenes, rollouts))}\">");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
