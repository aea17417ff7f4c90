using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Acceleration.Reporting;

/// <summary>A study of several questions on one network: pictures of equal seeds throughout, so that every number is comparable within the report.</summary>
/// <param name="Title">Title.</param>
/// <param name="Pictures">Pictures of each sampler.</param>
/// <param name="Seed">Seed of the first picture.</param>
/// <param name="Machine">Where it was measured.</param>
/// <param name="Started">When.</param>
/// <param name="Sections">The questions.</param>
public sealed record CurveReport(string Title, int Pictures, long Seed, MachineInfo Machine, DateTimeOffset Started, IReadOnlyList<CurveSection> Sections)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>All numbers.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Writes <c>NAME.html</c>, which needs no other file, and <c>NAME.json</c>, each whole or not at all.</summary>
    /// <returns>Absolute path of the page.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public string Write(string directory, string name)
    {
        WholeFile.Write(Path.Combine(directory, name + ".json"), Encoding.UTF8.GetBytes(ToJson()));
        var page = Path.GetFullPath(Path.Combine(directory, name + ".html"));
        WholeFile.Write(page, Encoding.UTF8.GetBytes(CurvePage.Render(this)));
        return page;
    }
}
