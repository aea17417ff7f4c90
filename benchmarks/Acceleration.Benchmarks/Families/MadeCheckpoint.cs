using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>A checkpoint of random weights of about unit gain, in one file or in shards. Removed on disposal, unless it is to be kept.</summary>
internal sealed class MadeCheckpoint : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly bool _isKept;

    /// <param name="parameters">Names and shapes.</param>
    /// <param name="config">The network's configuration, as JSON.</param>
    /// <param name="dtype">Type of the weights.</param>
    /// <param name="shards">Number of files.</param>
    /// <param name="kept">Folder to keep it in, and to find it in another time; null for one that is removed.</param>
    public MadeCheckpoint(IReadOnlyList<(string Name, long[] Shape)> parameters, string config, ScalarType dtype, int shards = 1, string? kept = null)
    {
        (_folder, _isKept) = (kept is null ? Directory.CreateTempSubdirectory("made-network-") : Directory.CreateDirectory(kept), kept is not null);
        Path = System.IO.Path.Combine(_folder.FullName, shards == 1 ? "model.safetensors" : "model.safetensors.index.json");
        Parameters = parameters.Sum(p => Elements(p.Shape));
        if (!File.Exists(Path))
        {
            Make(parameters, config, dtype, shards);
        }
    }

    public string Path { get; }

    /// <summary>Number of weights.</summary>
    public long Parameters { get; }

    public void Dispose()
    {
        if (!_isKept)
        {
            _folder.Delete(recursive: true);
        }
    }

    private void Make(IReadOnlyList<(string Name, long[] Shape)> parameters, string config, ScalarType dtype, int shards)
    {
        var done = 0L;
        var homes = parameters.Select(p => (p.Name, p.Shape, Shard: (int)Math.Min(shards - 1, (done += Elements(p.Shape)) * shards / (Parameters + 1)))).ToArray();
        using var generator = new Generator(1);
        var map = new Dictionary<string, string>();
        foreach (var shard in homes.GroupBy(h => h.Shard))
        {
            using var scope = NewDisposeScope();
            var name = shards == 1 ? "model.safetensors" : $"model-{shard.Key + 1:00000}-of-{shards:00000}.safetensors";
            SafetensorsFile.Write(System.IO.Path.Combine(_folder.FullName, name), shard.Select(p => (p.Name, Weight(p.Shape, generator).to(dtype))).ToArray(), new Dictionary<string, string> { ["config"] = config });
            foreach (var p in shard)
            {
                map[p.Name] = name;
            }
        }

        if (shards > 1)
        {
            File.WriteAllText(Path, JsonSerializer.Serialize(new { metadata = new { }, weight_map = map }));
        }
    }

    private static long Elements(long[] shape) => shape.Aggregate(1L, (a, b) => a * b);

    // Norms have weights about 1, their biases and those of layers are small.
    private static Tensor Weight(long[] shape, Generator generator)
    {
        using var scope = NewDisposeScope();
        var drawn = randn(shape, ScalarType.Float32, generator: generator);
        var made = shape.Length == 1 ? drawn.mul_(0.1f).add_(1f) : drawn.div_(MathF.Sqrt(shape[1..].Aggregate(1L, (a, b) => a * b)));
        return made.MoveToOuterDisposeScope();
    }
}
