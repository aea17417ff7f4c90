using System.IO.Compression;
using System.Xml.Linq;

namespace Acceleration.Tests.Packages;

/// <summary>A .nupkg or .snupkg file as its readers see it.</summary>
public sealed class PackageFile
{
    private readonly XElement _metadata;

    public PackageFile(string path)
    {
        FilePath = path;
        using var zip = ZipFile.OpenRead(path);
        Entries = [.. zip.Entries.Select(e => e.FullName)];
        using var nuspec = zip.Entries.Single(e => e.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        _metadata = XDocument.Load(nuspec).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    public string FilePath { get; }

    public IReadOnlyList<string> Entries { get; }

    public string Id => Text("id")!;

    public string Version => Text("version")!;

    public bool IsTool => Descendants("packageType").Any();

    /// <summary>Dependencies as "id version".</summary>
    public IReadOnlyList<string> Dependencies => [.. Descendants("dependency").Select(d => $"{d.Attribute("id")!.Value} {d.Attribute("version")!.Value}")];

    public string? Text(string element) => _metadata.Elements().SingleOrDefault(e => e.Name.LocalName == element)?.Value;

    public XElement? Element(string name) => _metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name);

    public byte[] Read(string entry)
    {
        using var zip = ZipFile.OpenRead(FilePath);
        using var content = zip.GetEntry(entry)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    private IEnumerable<XElement> Descendants(string name) => _metadata.Descendants().Where(e => e.Name.LocalName == name);
}
