namespace Acceleration.Tests.Docs;

/// <summary>Every C# block of README, docs and the packages' pages is compiled into these tests, in a file that they run.</summary>
public sealed class PageCodeTests
{
    private static readonly string[] Languages = ["", "csharp", "json", "python"];

    public static TheoryData<string, int> Blocks =>
        [.. DocumentPages.All.SelectMany(p => p.Blocks("csharp").Select((_, i) => (p.Path, i)))];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void EveryBlockIsCompiled(string page, int block)
    {
        var shown = Lines(DocumentPages.Read(page).Blocks("csharp").ElementAt(block));
        Assert.NotEmpty(shown);
        var line = "\n" + string.Join('\n', shown) + "\n";

        Assert.True(
            DocumentPages.Sources.Values.Any(s => ("\n" + string.Join('\n', Lines(s)) + "\n").Contains(line, StringComparison.Ordinal)),
            $"{page}: nothing compiles the block that begins with '{shown[0]}'. Put it, line by line, into a file of tests/Acceleration.Tests/Docs that a test runs.");
    }

    /// <summary>A block whose language is misspelt would escape.</summary>
    [Fact]
    public void BlocksAreOfKnownLanguages()
    {
        Assert.True(Blocks.Count >= 14);
        Assert.All(DocumentPages.All, p => Assert.All(p.Languages, l => Assert.Contains(l, Languages)));
        Assert.All(DocumentPages.All, p => Assert.DoesNotContain(p.Blocks(""), b => b.Contains("using var ", StringComparison.Ordinal)));
    }

    /// <summary>A file that nothing calls is compiled but not run.</summary>
    [Fact]
    public void EveryFileOfCodeIsRun()
    {
        string[] code = [.. DocumentPages.Sources.Keys.Where(f => !f.EndsWith("Tests.cs", StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f))];
        Assert.True(code.Length >= 10);
        Assert.All(code, c => Assert.Contains(DocumentPages.Sources, s => s.Key.EndsWith("Tests.cs", StringComparison.Ordinal) && s.Value.Contains(c, StringComparison.Ordinal)));
    }

    // Indentation belongs to the place; a program's usings are a test's, too.
    private static string[] Lines(string code) =>
        [.. code.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l is not ("using Acceleration;" or "using Acceleration.Models;"))];
}
