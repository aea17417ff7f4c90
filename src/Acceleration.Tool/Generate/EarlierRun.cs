using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>What a run of the same command, killed or stopped, left in its folder: <c>--resume</c> goes on from there.</summary>
internal static class EarlierRun
{
    /// <param name="folder">The folder that results go to.</param>
    /// <param name="request">Tells what is asked for: <see cref="IRunReport.Request"/>.</param>
    /// <returns>Its report; null where the folder has none.</returns>
    /// <exception cref="ToolException">The folder holds results of something else, or pictures are missing.</exception>
    public static T? In<T>(string folder, string request)
        where T : class, IRunReport
    {
        var path = Path.Combine(folder, GenerateReport.FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        if (SpecialFile.KindOf(path) is { } kind)
        {
            throw new ToolException($"--resume: '{path}' is {kind}, and no report of generate. Choose another --output.");
        }

        T? report;
        try
        {
            report = ToolJson.Read<T>(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new ToolException($"--resume: '{path}' is no report of generate: {e.Message} Choose another --output, or leave --resume out.", e);
        }

        if (report?.Request != request)
        {
            throw new ToolException($"--resume: '{folder}' holds what another command made ({report?.Told}); repeat that command, choose another --output, or leave --resume out.");
        }

        var missing = report.Files.FirstOrDefault(f => !File.Exists(Path.Combine(folder, f)));
        return missing is null ? report : throw new ToolException($"--resume: '{missing}' is gone from '{folder}'; leave --resume out to draw all pictures again.");
    }
}
