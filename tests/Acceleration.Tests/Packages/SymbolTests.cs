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

    /// <summary>Debuggers want real paths of local builds; a release names none of the machine that built it.</summary>
    [Fact]
    public void SourcesAreNamedByPathsOfTheRepository()
    {
        var root = PackedFeed.Built("ContinuousIntegrationBuild") == "true" ? "/_" : PackedFeed.Repository;
        Assert.All(Libraries, library => Read(library, pdb => Assert.All(pdb.Documents, d => Assert.StartsWith(root, pdb.GetString(pdb.GetDocument(d).Name), StringComparison.Ordinal))));
    }

    /// <summary>No address is made up: it is the one of git's remote.</summary>
    [Fact]
    public void SourceLinkIsThereExactlyWhereTheRepositoryHasAnAddress() => Assert.All(Libraries, library =>
    {
        var hasAddress = library.Element("repository")?.Attribute("url") is not null;
        Read(library, pdb => Assert.Equal(hasAddress, Kinds(pdb, EntityHandle.ModuleDefinition).Contains(SourceLink)));
    });

    private static IEnumerable<Guid> Kinds(MetadataReader pdb, EntityHandle of) =>
        pdb.GetCustomDebugInformation(of).Select(c => pdb.GetGuid(pdb.GetCustomDebugInformation(c).Kind));

    private static void Read(PackageFile library, Action<MetadataReader> assert)
    {
        var symbols = new PackageFile(Path.ChangeExtension(library.FilePath, ".snupkg"));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols.Read($"lib/net10.0/{library.Id}.pdb")));
        assert(provider.GetMetadataReader());
    }
}
