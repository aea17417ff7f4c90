using System.Text.RegularExpressions;

namespace Acceleration.Tests.Docs;

/// <summary>README, docs and the packages' own pages. A deterministic build knows no source paths, so the build copies them beside the tests.</summary>
internal static class DocumentPages
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Pages");

    /// <summary>All pages.</summary>
    public static IReadOnlyList<DocumentPage> All { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.md", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>The C# that is compiled into these tests for the pages, by file.</summary>
    public static IReadOnlyDictionary<string, string> Sources { get; } =
        Directory.EnumerateFiles(Folder, "*.cs").ToDictionary(f => Path.GetFileName(f)!, Text);

    public static DocumentPage Read(string path) => new(path, Text(Path.Combine(Folder, path)));

    private static string Text(string file) => File.ReadAllText(file).ReplaceLineEndings("\n");
}

/// <summary>A page of documentation.</summary>
/// <param name="Path">Its name; for the page of a package, from the repository's root.</param>
/// <param name="Text">With line feeds.</param>
internal sealed partial record DocumentPage(string Path, string Text)
{
    /// <summary>Fenced blocks of one language, "" for none.</summary>
    public IEnumerable<string> Blocks(string language) => Fences().Matches(Text).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value);

    /// <summary>Languages of its blocks.</summary>
    public IEnumerable<string> Languages => Fences().Matches(Text).Select(m => m.Groups[1].Value).Distinct();

    [GeneratedRegex("^ *```([^\n]*)\n(.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fences();
}
