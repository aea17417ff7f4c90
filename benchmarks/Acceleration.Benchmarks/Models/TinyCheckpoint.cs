using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>
/// The sample DiT with a sixteenth of its width and pictures of two by two patches: as many operator calls, next to no work in them. Removed on disposal.
/// </summary>
internal sealed class TinyCheckpoint : IDisposable
{
    private const int Shrink = 16;
    private const int Side = 4;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tiny-network-");

    public TinyCheckpoint()
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(SampleNetwork.Path);
        var width = int.Parse(file.Metadata["hidden_size"]);
        long Shrunk(long size) => size % width == 0 ? size / Shrink : size;
        var tensors = file.Tensors.Select(t => (t.Key, full([.. t.Value.Shape.Select(Shrunk)], 0.01, ScalarType.Float32)));
        var metadata = new Dictionary<string, string>(file.Metadata) { ["hidden_size"] = $"{width / Shrink}", ["input_size"] = $"{Side}" };
        Path = System.IO.Path.Combine(_folder.FullName, "tiny-dit.safetensors");
        SafetensorsFile.Write(Path, tensors, metadata);
    }

    public string Path { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
