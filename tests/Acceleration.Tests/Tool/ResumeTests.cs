using System.Diagnostics;
using Acceleration.Tool;

namespace Acceleration.Tests.Tool;

/// <summary><c>generate --resume</c>: a process is killed at any step, and the command repeated gives the bytes it would have given.</summary>
public sealed class ResumeTests : ToolTest
{
    private static readonly string[] Command = ["generate", Fashion, "--labels", "1,3,5", "--steps", "8", "--plan", "EC0.05+AG0.99x0", "--seed", "7", "--batch", "2", "--previews", "3", "--resume", "-o"];

    [Fact]
    public void AKilledProcessIsGoneOnWithBitForBit()
    {
        Assert.Equal(0, Run([.. Command, PathOf("whole")]).Code);
        var killed = 0;

        // After one step, two more, three more: in both batches, and across their border.
        while (KilledAfter(killed + 1, PathOf("killed")))
        {
            killed++;
            Assert.True(killed <= 30, "Every start takes at least one step.");
        }

        Assert.True(killed >= 3, $"It was killed {killed} times only.");
        Assert.Equal(FilesOf("whole"), FilesOf("killed"));
        Assert.All(FilesOf("whole").Where(f => f != "generate.json"), f => Assert.Equal(File.ReadAllBytes(Path.Combine(PathOf("whole"), f)), File.ReadAllBytes(Path.Combine(PathOf("killed"), f))));
        var (whole, resumed) = (Json(File.ReadAllText(PathOf("whole/generate.json"))), Json(File.ReadAllText(PathOf("killed/generate.json"))));
        foreach (var property in new[] { "request", "sampler", "complete", "evaluations", "fullEvaluations", "multiplyAdds", "fullMultiplyAdds", "pictures", "previews" })
        {
            Assert.Equal(whole.GetProperty(property).ToString(), resumed.GetProperty(property).ToString());
        }
    }

    [Fact]
    public void ACancelledCommandIsGoneOnWith()
    {
        Assert.Equal(0, Run([.. Command, PathOf("whole")]).Code);
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StringWriter();
        Directory.CreateDirectory(PathOf("stopped"));
        using var watcher = new FileSystemWatcher(PathOf("stopped"), "unfinished-*.safetensors");
        watcher.Renamed += (_, _) => stop.Cancel();
        watcher.EnableRaisingEvents = true;
        Assert.Equal(130, AccelerationCommand.Run([.. Command, PathOf("stopped")], output, error, stop.Token));
        Assert.Single(Directory.GetFiles(PathOf("stopped"), "unfinished-*"));
        Assert.Equal(0, Run([.. Command, PathOf("stopped")]).Code);
        Assert.Equal(FilesOf("whole"), FilesOf("stopped"));
        Assert.Equal(File.ReadAllBytes(PathOf("whole/000-label1-seed7.png")), File.ReadAllBytes(PathOf("stopped/000-label1-seed7.png")));
        Assert.Equal(Json(File.ReadAllText(PathOf("whole/generate.json"))).GetProperty("previews").ToString(), Json(File.ReadAllText(PathOf("stopped/generate.json"))).GetProperty("previews").ToString());
    }

    [Fact]
    public void WhatIsDoneIsNotDoneAgain()
    {
        string[] command = ["generate", Tiny, "--labels", "0,1", "--steps", "2", "--resume", "-o", PathOf("out")];
        Assert.Equal(0, Run(command).Code);
        var written = File.GetLastWriteTimeUtc(PathOf("out/000-label0-seed0.png"));
        var (code, output, _) = Run(command);
        Assert.Equal(0, code);
        Assert.StartsWith("2 pictures in ", output, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(PathOf("out/000-label0-seed0.png")));
    }

    [Fact]
    public void AFolderOfAnotherCommandIsRefused()
    {
        string[] command = ["generate", Tiny, "--labels", "0", "--steps", "2", "-o", PathOf("out"), "--resume"];
        Assert.Equal(0, Run(command).Code);
        Refused("holds what another command made (ddim2+CFG2, Float32, 1 of 1 pictures)", [.. command, "--seed", "4"]);
        File.Delete(PathOf("out/000-label0-seed0.png"));
        Refused("'000-label0-seed0.png' is gone", command);
        File.WriteAllText(PathOf("out/generate.json"), "{");
        Refused("is no report of generate", command);
        File.WriteAllText(PathOf("out/generate.json"), "{}");
        Refused("is no report of generate", command);
    }

    [Fact]
    public void ADamagedSessionIsNamed()
    {
        string[] command = ["generate", Tiny, "--labels", "0", "--steps", "2", "-o", PathOf("out"), "--resume"];
        Assert.Equal(0, Run(command).Code);
        var report = File.ReadAllText(PathOf("out/generate.json"));
        File.WriteAllText(PathOf("out/generate.json"), report[..report.IndexOf("\"pictures\"", StringComparison.Ordinal)] + "\"pictures\": [], \"previews\": [] }");
        File.WriteAllBytes(PathOf("out/unfinished-000.safetensors"), [1, 2, 3]);
        Refused("unfinished-000.safetensors", command);
    }

    /// <summary>Starts the command and kills it once it has taken so many steps.</summary>
    /// <returns>Whether it was killed; else it came to its end.</returns>
    private static bool KilledAfter(int steps, string folder)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Acceleration.Tool.dll"), .. Command, folder]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var before = Kept(folder);
        using var process = Process.Start(start)!;
        while (!process.WaitForExit(2))
        {
            if (Kept(folder) is { } now && now != before)
            {
                before = now;
                if (--steps == 0)
                {
                    process.Kill();
                    process.WaitForExit();
                }
            }
        }

        return process.ExitCode != 0;
    }

    private static (string, DateTime)? Kept(string folder) =>
        Directory.Exists(folder) && Directory.EnumerateFiles(folder, "unfinished-*.safetensors").FirstOrDefault() is { } file ? (file, File.GetLastWriteTimeUtc(file)) : null;

    private string[] FilesOf(string folder) =>
        [.. Directory.EnumerateFiles(PathOf(folder), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(PathOf(folder), f)).Order(StringComparer.Ordinal)];
}
