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

        var printed = await RunAsync(app, "Acceleration.Models");

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

    /// <summary>A model beside the application, split and sampled: with ONNX Runtime's native part, which the application brings, and nothing of Acceleration.Models.</summary>
    [Fact]
    public async Task AnOnnxModelRunsOnThePackedFiles()
    {
        var app = feed.NewFolder("onnx");
        var model = Directory.CreateDirectory(Path.Combine(app, "model")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", "dit")))
        {
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        }

        File.WriteAllText(Path.Combine(app, "Program.cs"), """
            using Acceleration;
            using Acceleration.Onnx;

            var found = OnnxSplitter.Split("model", "split");
            using var network = OnnxDenoiser.Load(found.Manifest);
            var sampler = Sampler.For(network).Ddim(steps: 6).Guidance(scale: 2).Use(new DeltaDiT(2, 2, 3)).Build();
            using var result = await sampler.GenerateAsync(labels: [3, 7], seed: 1);
            Console.WriteLine($"{found.Blocks} blocks, {result.Trace.Evaluations:0} network evaluations, blocks were skipped: {result.Trace.ArithmeticGain > 1.1}");
            """);

        var printed = await RunAsync(app, "Acceleration.Onnx", ("Microsoft.ML.OnnxRuntime", PackedFeed.Built("OnnxRuntimeVersion")));

        Assert.Equal("4 blocks, 12 network evaluations, blocks were skipped: True", printed.Trim());
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

    /// <summary>Builds and runs an application that references one of the packages, and packages of others.</summary>
    private async Task<string> RunAsync(string app, string id, params IReadOnlyList<(string Id, string Version)> others)
    {
        // TorchSharp-cpu, which the README advises, fetches libtorch for three systems; this is the one of them that it would use here.
        IEnumerable<(string Id, string Version)> all = [(id, feed.Packages[id].Version), ($"libtorch-cpu-{PackedFeed.Built("RuntimeIdentifier")}", PackedFeed.Built("LibTorchVersion")), .. others];
        var references = string.Concat(all.Select(p => $"""<PackageReference Include="{p.Id}" Version="{p.Version}" />"""));
        File.WriteAllText(Path.Combine(app, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                {references}
              </ItemGroup>
            </Project>
            """);
        await Dotnet.RunAsync(app, feed.Cache, ["build", "-c", "Release", "-warnaserror", "-v", "q"]);
        return await Dotnet.RunAsync(app, feed.Cache, [Path.Combine("bin", "Release", "net10.0", "App.dll")]);
    }
}
