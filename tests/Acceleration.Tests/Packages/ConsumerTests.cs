using Acceleration.Tests.Docs;

namespace Acceleration.Tests.Packages;

/// <summary>
/// A stranger's application and the installed tool, outside of the repository: a feed of the packed files, packages extracted to a folder of its own, and nothing of this solution.
/// </summary>
[Collection(PackedFeedCollection.Name)]
public sealed class ConsumerTests(PackedFeed feed)
{
    [Fact]
    public async Task TheReadmesQuickStartRunsOnThePackedFiles()
    {
        var app = feed.NewFolder("app");
        var code = DocumentPages.Read("README.md").Blocks("csharp").First();
        File.WriteAllText(Path.Combine(app, "Program.cs"), code);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors"), Path.Combine(app, "fashion-dit.safetensors"));

        // TorchSharp-cpu, which the README advises, fetches libtorch for three systems; this is the one of them that it would use here.
        File.WriteAllText(Path.Combine(app, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Acceleration.Models" Version="{feed.Packages["Acceleration.Models"].Version}" />
                <PackageReference Include="libtorch-cpu-{PackedFeed.Built("RuntimeIdentifier")}" Version="{PackedFeed.Built("LibTorchVersion")}" />
              </ItemGroup>
            </Project>
            """);

        await Dotnet.RunAsync(app, feed.Cache, ["build", "-c", "Release", "-warnaserror", "-v", "q"]);
        var printed = await Dotnet.RunAsync(app, feed.Cache, [Path.Combine("bin", "Release", "net10.0", "App.dll")]);

        Assert.Equal("16.0 network evaluations instead of 100", printed.Trim());
        Assert.True(Directory.Exists(Path.Combine(feed.Cache, "acceleration", feed.Packages["Acceleration"].Version)));
        if (OperatingSystem.IsLinux())
        {
            // The remedy for an old libstdc++ came with the package, to the application's copy alone.
            const string library = "libLibTorchSharp.so";
            var own = Path.Combine(feed.Cache, "torchsharp", "0.107.0", "runtimes", "linux-x64", "native", library);
            var copy = Path.Combine(app, "bin", "Release", "net10.0", "runtimes", "linux-x64", "native", library);
            Assert.Equal(1, File.ReadAllBytes(own).Zip(File.ReadAllBytes(copy)).Count(pair => pair.First != pair.Second));
        }
    }

    [Fact]
    public async Task TheInstalledToolComputes()
    {
        var folder = feed.NewFolder("tool");
        await Dotnet.RunAsync(folder, feed.Cache, ["tool", "install", "Acceleration.Tool", "--version", feed.Packages["Acceleration.Tool"].Version, "--tool-path", folder, "--configfile", feed.Config]);
        var tool = Path.Combine(folder, OperatingSystem.IsWindows() ? "acceleration.exe" : "acceleration");

        Assert.Contains("acceleration [command]", await Dotnet.StartAsync(tool, folder, null, ["--help"]), StringComparison.Ordinal);
        var doctor = await Dotnet.StartAsync(tool, folder, null, ["doctor"]);
        Assert.Contains("computes", doctor, StringComparison.Ordinal);
        Assert.Contains("Nothing is missing.", doctor, StringComparison.Ordinal);
    }
}
