using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>What a run of the same command, killed or stopped, left in its folder: <c>--resume</c> goes on from there.</summary>
internal sealed class EarlierRun
{
    private EarlierRun(GenerateReport? report) => Report = report;

    /// <summary>Its report; null where the folder has none.</summary>
    public GenerateReport? Report { get; }

    /// <summary>Its pictures: whole batches.</summary>
    public IReadOnlyList<GeneratedPicture> Pictures => Report?.Pictures ?? [];

    /// <summary>Nothing to go on from.</summary>
    public static EarlierRun None { get; } = new(null);

    /// <param name="folder">The folder that results go to.</param>
    /// <param name="request">Tells what was asked for: <see cref="GenerateReport.Request"/>.</param>
    /// <exception cref="ToolException">The folder holds results of something else, or pictures are missing.</exception>
    public static EarlierRun In(string folder, string request)
    {
        var path = Path.Combine(folder, GenerateReport.FileName);
        if (!File.Exists(path))
        {
            return None;
        }

        if (SpecialFile.KindOf(path) is { } kind)
        {
            throw new ToolException($"--resume: '{path}' is {kind}, and no report of generate. Choose another --output.");
        }

        GenerateReport? report;
        try
        {
            report = ToolJson.Read<GenerateReport>(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new ToolException($"--resume: '{path}' is no report of generate: {e.Message} Choose another --output, or leave --resume out.", e);
        }

        if (report?.Request != request)
        {
            throw new ToolException($"--resume: '{folder}' holds what another command made ({report?.Sampler}, {report?.DType}, {report?.Pictures.Count} of {report?.Asked} pictures); repeat that command, choose another --output, or leave --resume out.");
        }

        var missing = report.Pictures.FirstOrDefault(p => !File.Exists(Path.Combine(folder, p.File)));
        return missing is null ? new(report) : throw new ToolException($"--resume: '{missing.File}' is gone from '{folder}'; leave --resume out to draw all pictures again.");
    }
}
