namespace Acceleration.Tests.Docs;

/// <summary>The README's first code is compiled here and does what it says.</summary>
public sealed class ReadmeTests
{
    private const string File = "\"fashion-dit.safetensors\"";

    [Fact]
    public void TheFirstCodeIsTheCompiledCode()
    {
        var readme = Read("README.md");
        var start = readme.IndexOf("```csharp", StringComparison.Ordinal);
        string[] shown = [.. Lines(readme[start..readme.IndexOf("```\n", start + 3, StringComparison.Ordinal)]).Skip(1).Select(line => line.Replace(File, "network", StringComparison.Ordinal))];
        string[] usings = ["using Acceleration;", "using Acceleration.Models;"];

        Assert.Equal(usings, shown.Take(2));
        Assert.True(shown.Length > 8);
        Assert.Contains(string.Join('\n', shown.Skip(2)), string.Join('\n', Lines(Read("QuickStart.cs"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheFirstCodeRuns()
    {
        var before = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            await QuickStart.RunAsync(Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors"));
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.Equal("16.0 network evaluations instead of 100", written.ToString().Trim());
    }

    private static string Read(string name) => System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Pages", name)).ReplaceLineEndings("\n");

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
}
