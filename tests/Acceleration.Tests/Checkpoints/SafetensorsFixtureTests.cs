using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Checkpoints;

public sealed class SafetensorsFixtureTests : CheckpointTest
{
    [Theory]
    [InlineData("dit")]
    [InlineData("dit_original")]
    [InlineData("dit_original_nosigma")]
    public void AFileOfTheReferenceImplementationReadsAndRewritesIdentically(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "models", name + ".safetensors");
        var bytes = File.ReadAllBytes(path);
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)BitConverter.ToInt64(bytes)));
        var dataStart = 8 + (int)BitConverter.ToInt64(bytes);

        Assert.Equal(header.RootElement.EnumerateObject().Count() - 1, file.Names.Count);
        Assert.Contains("class", string.Concat(file.Metadata.Keys));
        foreach (var entry in file.Tensors.Values)
        {
            var offsets = header.RootElement.GetProperty(entry.Name).GetProperty("data_offsets");
            var tensor = file.Read(entry.Name);
            Assert.Equal(bytes[(dataStart + offsets[0].GetInt32())..(dataStart + offsets[1].GetInt32())], tensor.bytes.ToArray());
            Assert.Equal(entry.Shape, tensor.shape);
            Assert.True(!tensor.is_floating_point() || tensor.isfinite().all().ToBoolean());
        }

        var copy = PathOf("copy.safetensors");
        SafetensorsFile.Write(copy, file.Names.Select(n => (n, file.Read(n))), file.Metadata);
        using var rewritten = SafetensorsFile.Open(copy);
        Assert.Equal(file.Metadata, rewritten.Metadata);
        Assert.All(file.Names, n => Assert.Equal(file.Read(n).bytes.ToArray(), rewritten.Read(n).bytes.ToArray()));
    }
}
