using System.Text.RegularExpressions;
using Acceleration.Tool;

namespace Acceleration.Tests.Docs;

/// <summary>The command lines on the pages are ones that the tool and the repository understand.</summary>
public sealed partial class CommandLineTests
{
    // What a synopsis leaves to the reader.
    private static readonly Dictionary<string, string> Placeholders = new() { ["N"] = "4", ["S"] = "2", ["FILE|TAG"] = "EC0.01", ["A"] = "EC0.01", ["B"] = "IF3" };

    public static TheoryData<string, string> Commands =>
        [.. from page in DocumentPages.All from line in page.Blocks("").SelectMany(b => b.Split('\n')) where Invocation().IsMatch(line) select (page.Path, line.Trim())];

    public static TheoryData<string, string> Spans =>
        [.. from page in DocumentPages.All from span in Span().Matches(page.Text).Select(m => m.Groups[1].Value) where !span.Contains("COMMAND", StringComparison.Ordinal) select (page.Path, span)];

    [Theory]
    [MemberData(nameof(Commands))]
    [MemberData(nameof(Spans))]
    public void TheToolUnderstandsIt(string page, string line)
    {
        var asked = Invocation().Replace(line, "").Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        asked = asked.Replace("--labels ...", "--labels 1", StringComparison.Ordinal).Replace(" ...", "", StringComparison.Ordinal);
        string[] words = [.. asked.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => Placeholders.GetValueOrDefault(w, w))];

        // A span may name a command or an option and leave the rest out; a whole line says all.
        var errors = AccelerationCommand.Parse(words).Errors.Select(e => e.Message).Where(m => line.Length > 40 || !m.Contains("Required", StringComparison.Ordinal) && !m.Contains("is required", StringComparison.Ordinal));
        Assert.True(!errors.Any(), $"{page}: '{line}': {string.Join(' ', errors)}");
    }

    /// <summary>Projects and files that are built, run or packed by name.</summary>
    [Fact]
    public void WhatTheyBuildIsThere()
    {
        string[] named = [.. DocumentPages.All.SelectMany(p => Projects().Matches(p.Text)).Select(m => m.Groups[1].Value).Distinct()];
        Assert.True(named.Length >= 4, string.Join(' ', named));
        Assert.All(named, n => Assert.True(Path.Exists(Path.Combine(Packages.PackedFeed.Repository, n)), n));
    }

    [GeneratedRegex(@"^\s*(acceleration|dotnet run -c Release --project src/Acceleration\.Tool --)(?= )")]
    private static partial Regex Invocation();

    [GeneratedRegex(@"`(acceleration [a-z][^`\n]*)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"dotnet (?:run|pack|test|build)[^\n`]*? ((?:src|samples|benchmarks|tests|eng)/[\w./]+)")]
    private static partial Regex Projects();
}
