using System.Reflection;

namespace Acceleration.Tests.Packages;

/// <summary>What <c>dotnet pack</c> makes of this build, in a folder outside of the repository that is deleted afterwards.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("packed-").FullName;

    /// <summary>The feed: .nupkg and .snupkg files.</summary>
    public string Folder => Path.Combine(_root, "feed");

    /// <summary>NuGet's extracted packages of whoever consumes the feed.</summary>
    public string Cache => Path.Combine(_root, "packages");

    /// <summary>The sources of whoever consumes the feed: it, and for packages of others what this machine has already fetched.</summary>
    public string Config => Path.Combine(_root, "nuget.config");

    /// <summary>The packages, by id.</summary>
    public IReadOnlyDictionary<string, PackageFile> Packages { get; private set; } = new Dictionary<string, PackageFile>();

    /// <summary>The repository these tests were built in.</summary>
    public static string Repository { get; } = FindRepository(AppContext.BaseDirectory);

    public async ValueTask InitializeAsync()
    {
        await Dotnet.RunAsync(Repository, null, ["pack", "Acceleration.sln", "--no-build", "-v", "q", "-c", Built("Configuration"), $"-p:Torch={Built("Torch")}", "-o", Folder]);
        Packages = Directory.EnumerateFiles(Folder, "*.nupkg").Select(f => new PackageFile(f)).ToDictionary(p => p.Id);
        // Other lines may stand before it, for example about a language that is not known.
        const string what = "global-packages:";
        var said = await Dotnet.RunAsync(Repository, null, ["nuget", "locals", "global-packages", "--list"]);
        var fetched = said[(said.IndexOf(what, StringComparison.Ordinal) + what.Length)..].Split('\n')[0].Trim();

        // A package of this name from anywhere else would prove nothing.
        await File.WriteAllTextAsync(Config, $"""
            <configuration>
              <packageSources><clear /><add key="packed" value="{Folder}" /><add key="fetched" value="{fetched}" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
              <packageSourceMapping>
                <clear />
                <packageSource key="packed"><package pattern="Acceleration" /><package pattern="Acceleration.*" /></packageSource>
                <packageSource key="fetched"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
    }

    /// <summary>A new folder beside the feed.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>What this test project was built with.</summary>
    public static string Built(string key) => typeof(PackedFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string FindRepository(string from) =>
        File.Exists(Path.Combine(from, "Acceleration.sln")) ? from
        : Path.GetDirectoryName(from) is { } parent ? FindRepository(parent)
        : throw new InvalidOperationException($"No Acceleration.sln in any folder above {AppContext.BaseDirectory}: packages are tested where they are built.");
}

[CollectionDefinition(Name)]
public sealed class PackedFeedCollection : ICollectionFixture<PackedFeed>
{
    public const string Name = "packed feed";
}
