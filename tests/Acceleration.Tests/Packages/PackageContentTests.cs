using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;

namespace Acceleration.Tests.Packages;

/// <summary>What is in the packages, and what they depend on.</summary>
[Collection(PackedFeedCollection.Name)]
public sealed class PackageContentTests(PackedFeed feed)
{
    private const int IconSide = 128;

    private IEnumerable<PackageFile> All => feed.Packages.Values;

    private IEnumerable<PackageFile> Libraries => All.Where(p => !p.IsTool);

    [Fact]
    public void LibrariesAndToolArePacked()
    {
        Assert.All(["Acceleration", "Acceleration.Models", "Acceleration.Onnx", "Acceleration.Tool"], id => Assert.Contains(id, feed.Packages.Keys));
        Assert.Single(All.Select(p => p.Version).Distinct());
    }

    [Fact]
    public void TheLibraryDependsOnTorchSharpAlone()
    {
        Assert.Equal(["TorchSharp 0.107.0"], feed.Packages["Acceleration"].Dependencies);
        Assert.Equal([$"Acceleration {feed.Packages["Acceleration"].Version}", "Microsoft.ML.Tokenizers 3.0.0", "TorchSharp 0.107.0"], feed.Packages["Acceleration.Models"].Dependencies);
    }

    /// <summary>ONNX Runtime's managed part alone, and nothing that only builds it.</summary>
    [Fact]
    public void TheOnnxLibraryDependsOnTheManagedPartOfOnnxRuntime() => Assert.Equal(
        [$"Acceleration {feed.Packages["Acceleration"].Version}", "Google.Protobuf", $"Microsoft.ML.OnnxRuntime.Managed {PackedFeed.Built("OnnxRuntimeVersion")}", "TorchSharp 0.107.0"],
        feed.Packages["Acceleration.Onnx"].Dependencies.Select(d => d.StartsWith("Google.Protobuf ", StringComparison.Ordinal) ? "Google.Protobuf" : d));

    /// <summary>A gallery shows a package's page by itself: it names what an application must reference beside the package.</summary>
    [Fact]
    public void TheOnnxLibrarysPageNamesWhatAnApplicationReferences()
    {
        var package = feed.Packages["Acceleration.Onnx"];
        var readme = Encoding.UTF8.GetString(package.Read(package.Text("readme")!));
        Assert.All(["`Microsoft.ML.OnnxRuntime`", "`Microsoft.ML.OnnxRuntime.Gpu`", "`TorchSharp-cpu`"], id => Assert.Contains(id, readme, StringComparison.Ordinal));
    }

    /// <summary>The application chooses processor and system.</summary>
    [Fact]
    public void NoLibraryBringsANativePart() => Assert.All(Libraries, p =>
    {
        Assert.DoesNotContain(p.Dependencies, d => d.Contains("libtorch", StringComparison.OrdinalIgnoreCase) || d.Contains("TorchSharp-", StringComparison.Ordinal) || d.Contains("NativeAssets", StringComparison.Ordinal)
            || (d.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal) && !d.StartsWith("Microsoft.ML.OnnxRuntime.Managed ", StringComparison.Ordinal)));
        Assert.DoesNotContain(p.Entries, e => e.StartsWith("runtimes/", StringComparison.Ordinal) || e.EndsWith(".so", StringComparison.Ordinal));
    });

    [Fact]
    public void EachHasReadmeIconLicenceAndDescription() => Assert.All(All, p =>
    {
        Assert.Equal("MIT", p.Text("license"));
        Assert.Equal("expression", p.Element("license")!.Attribute("type")!.Value);
        Assert.True(p.Text("description")!.Length > 40, p.Id);
        Assert.Contains("diffusion", p.Text("tags")!.Split(' '));

        var readme = Encoding.UTF8.GetString(p.Read(p.Text("readme")!));
        Assert.StartsWith("# ", readme, StringComparison.Ordinal);
        Assert.Contains("```", readme, StringComparison.Ordinal);
        // A gallery shows a package's page without the files around it.
        Assert.DoesNotContain("](", readme.Replace("](https://", "", StringComparison.Ordinal), StringComparison.Ordinal);

        var icon = p.Read(p.Text("icon")!);
        Assert.Equal("PNG", Encoding.ASCII.GetString(icon, 1, 3));
        Assert.Equal((IconSide, IconSide), (BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20))));
    });

    [Fact]
    public void PublicMembersAreDocumented() => Assert.All(Libraries, p =>
    {
        var documentation = XDocument.Parse(Encoding.UTF8.GetString(p.Read($"lib/net10.0/{p.Id}.xml")).TrimStart('\uFEFF'));
        Assert.True(documentation.Descendants("member").Count() > 10, p.Id);
    });

    [Fact]
    public void TheCommitIsNamedWhereThereIsOne()
    {
        Assert.SkipUnless(Path.Exists(Path.Combine(PackedFeed.Repository, ".git")), "Not a clone.");
        Assert.All(All, p => Assert.Matches("^[0-9a-f]{40}$", p.Element("repository")!.Attribute("commit")!.Value));
    }

    /// <summary>The tool's package names one for each system that libtorch is built for, and the one of this system holds it.</summary>
    [Fact]
    public void TheToolNamesItsSystems()
    {
        var named = XDocument.Parse(Encoding.UTF8.GetString(feed.Packages["Acceleration.Tool"].Read("tools/any/any/DotnetToolSettings.xml")).TrimStart('\uFEFF')).Descendants("RuntimeIdentifierPackage").ToArray();
        Assert.Equal(["linux-x64", "osx-arm64", "win-x64"], named.Select(n => n.Attribute("RuntimeIdentifier")!.Value).Order(StringComparer.Ordinal));

        var here = PackedFeed.Built("RuntimeIdentifier");
        var package = feed.Packages[named.Single(n => n.Attribute("RuntimeIdentifier")!.Value == here).Attribute("Id")!.Value];
        Assert.Contains(package.Entries, e => e.StartsWith($"tools/net10.0/{here}/", StringComparison.Ordinal) && Path.GetFileNameWithoutExtension(e) is "libtorch_cpu" or "torch_cpu");
    }
}
