using System.Globalization;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The library's own DiT, from a file of random weights of the sizes asked for; the residual stream, norms and modulation in float32.</summary>
internal sealed class DiTSized : ISizedNetwork
{
    private const int Channels = 4;
    private const int Patch = 2;
    private const int Classes = 1000;

    private readonly DiT _network;
    private readonly Tensor _latents;
    private readonly Tensor _times;
    private readonly Conditioning _labels;

    public DiTSized(NetworkSize size, string path, ScalarType dtype, Device device)
    {
        _network = DiT.Load(path, new() { DType = dtype, Device = device });
        var side = Side(size);
        using var generator = new Generator(1);
        using var drawn = randn([size.Rows, Channels, side, side], ScalarType.Float32, generator: generator);
        using var times = full([size.Rows], 500f, ScalarType.Float32, device);
        using var labels = Conditioning.Labels([.. Enumerable.Range(0, size.Rows).Select(i => (long)i)]);
        using var latents = drawn.to(device);
        (_latents, _times, _labels) = (latents.alias(), times.alias(), labels.To(device));
    }

    /// <summary>Latents in host memory, as the other side reads them.</summary>
    public Tensor Latents => _latents;

    public Tensor Run() => _network.Predict(_latents, _times, _labels, Evaluation.Plain(_labels.Rows));

    public void Dispose()
    {
        _latents.Dispose();
        _times.Dispose();
        _labels.Dispose();
        _network.Dispose();
    }

    /// <summary>Writes a checkpoint in the original naming, float32.</summary>
    public static void Write(string path, NetworkSize size)
    {
        using var weights = new RandomWeights(ScalarType.Float32, CPU);
        foreach (var (name, shape) in Shapes(size))
        {
            weights.Take(name, shape);
        }

        weights.Save(path, new()
        {
            ["hidden_size"] = Text(size.Width),
            ["num_heads"] = Text(size.Heads),
            ["input_size"] = Text(Side(size)),
            ["patch_size"] = Text(Patch),
            ["in_channels"] = Text(Channels),
            ["num_classes"] = Text(Classes),
            ["depth"] = Text(size.Blocks),
        });

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static int Side(NetworkSize size) => Patch * (int)Math.Sqrt(size.Tokens);

    private static IEnumerable<(string Name, long[] Shape)> Shapes(NetworkSize s)
    {
        IEnumerable<(string, long[])> Layer(string name, long inputs, long outputs) => [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])];
        long width = s.Width, pixels = Patch * Patch * Channels;
        return
        [
            ("x_embedder.proj.weight", [width, Channels, Patch, Patch]),
            ("x_embedder.proj.bias", [width]),
            .. Layer("t_embedder.mlp.0", 256, width),
            .. Layer("t_embedder.mlp.2", width, width),
            ("y_embedder.embedding_table.weight", [Classes + 1, width]),
            .. Enumerable.Range(0, s.Blocks).SelectMany(i => new[]
            {
                Layer($"blocks.{i}.adaLN_modulation.1", width, 6 * width),
                Layer($"blocks.{i}.attn.qkv", width, 3 * width),
                Layer($"blocks.{i}.attn.proj", width, width),
                Layer($"blocks.{i}.mlp.fc1", width, s.Hidden),
                Layer($"blocks.{i}.mlp.fc2", s.Hidden, width),
            }).SelectMany(l => l),
            .. Layer("final_layer.adaLN_modulation.1", width, 2 * width),
            .. Layer("final_layer.linear", width, 2 * pixels),
        ];
    }
}
