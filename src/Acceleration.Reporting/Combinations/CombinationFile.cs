using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Acceleration.Reporting;

/// <summary>
/// Raw results of a study as lines of JSON: the setup, then a run in each. Lines are added as runs end, so that a study that was stopped goes on where it was; a line that was cut off is not read.
/// </summary>
/// <param name="Setup">What the runs have in common.</param>
/// <param name="Runs">The runs, in the order in which they were made.</param>
public sealed record CombinationFile(CombinationSetup Setup, IReadOnlyList<CombinationRun> Runs)
{
    private const int Known = 1;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">A line is not of this form; the message says which.</exception>
    public static CombinationFile Read(string path)
    {
        var text = File.ReadAllText(path);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0
            ? throw new FormatException($"{path} holds no whole line; the first one is the setup of the study.")
            : new(Line<CombinationSetup>(path, lines, 0) is { Schema: Known } setup ? setup : throw new FormatException($"{path} is not of schema {Known}."), [.. Enumerable.Range(1, lines.Length - 1).Select(i => Line<CombinationRun>(path, lines, i))]);
    }

    /// <summary>Begins a file.</summary>
    /// <exception cref="IOException">It is there already, or cannot be written.</exception>
    public static void Begin(string path, CombinationSetup setup)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var file = new FileStream(path, FileMode.CreateNew);
        file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(setup, Json) + "\n"));
    }

    /// <summary>Adds a run, behind the last whole line.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Add(string path, CombinationRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var file = new FileStream(path, FileMode.Open);
        var whole = file.Length;
        for (; whole > 0; whole--)
        {
            file.Position = whole - 1;
            if (file.ReadByte() == '\n')
            {
                break;
            }
        }

        file.SetLength(whole);
        file.Position = whole;
        file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(run with { Speedup = Math.Round(run.Speedup, 4), Evaluations = Math.Round(run.Evaluations, 2), Psnr = Math.Round(run.Psnr, 3) }, Json) + "\n"));
    }

    private static T Line<T>(string path, string[] lines, int i)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(lines[i], Json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{path}, line {i + 1}: {e.Message}", e);
        }
    }
}
