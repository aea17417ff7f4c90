using Acceleration.Tool;

namespace Acceleration.Tests.Tool;

/// <summary>A golden file names the files that belong to it, and no others: whoever wrote it must not choose what else is read. Its words are cut where they are cited.</summary>
public sealed class NeighbourTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("neighbour-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/{0}/other.safetensors")]
    [InlineData("../other.safetensors")]
    [InlineData("..\\other.safetensors")]
    [InlineData("weights/../../other.safetensors")]
    [InlineData("..")]
    public void ANameThatLeadsElsewhereIsRefusedThoughTheFileIsThere(string name)
    {
        Directory.CreateDirectory(PathOf("inside"));
        File.Copy(Golden.PathOf("models/dit_original"), PathOf("other.safetensors"));
        var result = Referring(PathOf("inside/golden.safetensors"), string.Format(null, name, _folder.Trim('/')));
        Assert.Equal(Verdict.Unreadable, result.Verdict);
        Assert.Contains("named without a root and without '..'", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ANeighbourIsFoundBesideAndAbove()
    {
        Directory.CreateDirectory(PathOf("inside/deeper"));
        File.WriteAllText(PathOf("other.safetensors"), "");
        SafetensorsFile.Write(PathOf("inside/deeper/golden.safetensors"), []);
        using var file = GoldenFile.Open(PathOf("inside/deeper/golden.safetensors"));
        Assert.Equal(PathOf("other.safetensors"), file.Neighbour("other.safetensors"));
        File.WriteAllText(PathOf("inside/other.safetensors"), "");
        Assert.Equal(PathOf("inside/other.safetensors"), file.Neighbour("weights/other.safetensors"));
        Assert.Contains("neither beside it nor in a folder above", Assert.Throws<CheckpointException>(() => file.Neighbour("nowhere.safetensors")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind")]
    [InlineData("model_class")]
    [InlineData("config")]
    [InlineData("cases")]
    public void AMessageIsShortWhateverTheMetadataSays(string key)
    {
        Golden.Copy("models/dit", PathOf("long.safetensors"), metadata: m => m[key] = new string('x', 1_000_000));
        var result = Verification.Of(PathOf("long.safetensors"), cancellation: TestContext.Current.CancellationToken);
        Assert.True(result.Verdict is Verdict.Unknown or Verdict.Unreadable, $"{result.Verdict}");
        Assert.InRange(result.Reason!.Length, 10, 3010);
    }

    [Fact]
    public void AMessageIsShortWhateverItRefersTo()
    {
        foreach (var name in new[] { new string('x', 1_000_000), "../" + new string('x', 1_000_000), string.Concat(Enumerable.Repeat("x/", 500_000)) })
        {
            Assert.InRange(Referring(PathOf("golden.safetensors"), name).Reason!.Length, 10, 3010);
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static CheckResult Referring(string path, string name)
    {
        Golden.Copy("pipelines/dit_cfg", path, metadata: m => m["weights"] = System.Text.Json.JsonSerializer.Serialize(new { transformer = name }));
        return Verification.Of(path, cancellation: TestContext.Current.CancellationToken);
    }
}
