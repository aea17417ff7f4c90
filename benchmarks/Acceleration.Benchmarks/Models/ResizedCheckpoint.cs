using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>A checkpoint of the sample DiT's architecture with other sizes and made-up weights. Removed on disposal.</summary>
internal sealed class ResizedCheckpoint : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("resized-network-");

    private ResizedCheckpoint(long width, int heads, int side, int blocks, Func<long[], Tensor> weight)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(SampleNetwork.Path);
        long Number(string key) => long.Parse(file.Metadata[key]);
        var old = Number("hidden_size");
        var tensors = file.Tensors.Where(t => !t.Key.StartsWith("blocks.", StringComparison.Ordinal) || int.Parse(t.Key.Split('.')[1]) < blocks)
            .Select(t => (t.Key, weight([.. t.Value.Shape.Select(size => size % old == 0 ? size / old * width : size)])));
        var metadata = new Dictionary<string, string>(file.Metadata)
        {
            ["hidden_size"] = $"{width}",
            ["num_heads"] = $"{heads}",
            ["input_size"] = $"{side}",
            ["depth"] = $"{Math.Min(blocks, Number("depth"))}",
        };
        Path = System.IO.Path.Combine(_folder.FullName, $"dit-{width}.safetensors");
        SafetensorsFile.Write(Path, tensors, metadata);
    }

    public string Path { get; }

    /// <summary>A sixteenth of the width and pictures of two by two patches: as many operator calls, next to no work in them.</summary>
    public static ResizedCheckpoint Tiny(int blocks = int.MaxValue) => new(12, 3, 4, blocks, size => full(size, 0.01, ScalarType.Float32));

    /// <summary>Random weights, heads of 64.</summary>
    /// <param name="width">Channels, a multiple of 64.</param>
    /// <param name="side">Side of the latents in pixels; two of them make a patch.</param>
    /// <param name="blocks">At most as many as the sample network has.</param>
    public static ResizedCheckpoint Random(long width, int side, int blocks)
    {
        using var generator = new Generator(1);
        return new(width, (int)(width / 64), side, blocks, size => randn(size, ScalarType.Float32, generator: generator) / Math.Sqrt(size[^1]));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
