using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Acceleration.Tests.Packages;

/// <summary>Symbols lead a debugger to the sources of the very build.</summary>
[Collection(PackedFeedCollection.Name)]
public sealed class SymbolTests(PackedFeed feed)
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private IEnumerable<PackageFile> Libraries => feed.Packages.Values.Where(p => !p.IsTool);

    [Fact]
    public void AssembliesAreDeterministicAndTheirSymbolsFit() => Assert.All(Libraries, library =>
    {
        using var assembly = new PEReader(new MemoryStream(library.Read($"lib/net10.0/{library.Id}.dll")));
        var directory = assembly.ReadDebugDirectory();
        Assert.Contains(directory, e => e.Type == DebugDirectoryEntryType.Reproducible);

        var expected = assembly.ReadCodeViewDebugDirectoryData(directory.Single(e => e.Type == DebugDirectoryEntryType.CodeView)).Guid;
        Read(library, pdb => Assert.Equal(expected, new BlobContentId(pdb.DebugMetadataHeader!.Id).Guid));
    });

    /// <summary>Generated sources are in no repository.</summary>
    [Fact]
    public void SourcesThatAreNotCommittedAreEmbedded() => Assert.All(Libraries, library => Read(library, pdb =>
    {
        var generated = pdb.Documents.Where(d => pdb.GetString(pdb.GetDocument(d).Name).Replace('\\', '/').Contains("/artifacts/obj/", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(generated);
        Assert.All(generated, d => Assert.Contains(Kinds(pdb, d), kind => kind == EmbeddedSource));
    }));

    [Fact]
    public void PathsOfTheBuildMachineAreLeftOutOfReleases()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "Debuggers want real paths of local builds.");
        Assert.All(Libraries, library => Read(library, pdb => Assert.All(pdb.Documents, d => Assert.StartsWith("/_", pdb.GetString(pdb.GetDocument(d).Name), StringComparison.Ordinal))));
    }

    [Fact]
    public void SourceLinkIsThereWhereTheRepositoryHasAnAddress()
    {
        Assert.SkipUnless(Libraries.All(p => p.Element("repository")?.Attribute("url") is not null), "The repository has no remote that sources could be read from.");
        Assert.All(Libraries, library => Read(library, pdb => Assert.Contains(Kinds(pdb, EntityHandle.ModuleDefinition), kind => kind == SourceLink)));
    }

    private static IEnumerable<Guid> Kinds(MetadataReader pdb, EntityHandle of) =>
        pdb.GetCustomDebugInformation(of).Select(c => pdb.GetGuid(pdb.GetCustomDebugInformation(c).Kind));

    private static void Read(PackageFile library, Action<MetadataReader> assert)
    {
        var symbols = new PackageFile(Path.ChangeExtension(library.FilePath, ".snupkg"));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols.Read($"lib/net10.0/{library.Id}.pdb")));
        assert(provider.GetMetadataReader());
    }
}
