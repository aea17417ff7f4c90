using static TorchSharp.torch;

namespace Acceleration.Fuzz;

/// <summary>The smallest DiT that there can be, as a checkpoint of the original layout.</summary>
internal static class TinyDiT
{
    public const string Config = """{"hidden_size":4,"depth":1,"num_heads":1,"patch_size":1,"in_channels":1,"num_classes":2,"input_size":2,"mlp_ratio":1.0,"learn_sigma":false,"num_train_timesteps":20,"beta_start":0.001,"beta_end":0.02}""";
    private const int Width = 4;
    private const int Frequencies = 256;

    public static void Write(string path, string? config)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var tensors = Layers().SelectMany(l => new[] { ($"{l.Name}.weight", randn(l.Weight, generator: generator)), ($"{l.Name}.bias", randn([l.Weight[0]], generator: generator)) })
            .Append(("y_embedder.embedding_table.weight", randn([3, Width], generator: generator))).ToArray();
        SafetensorsFile.Write(path, tensors, config is null ? null : new Dictionary<string, string> { ["config"] = config });
    }

    private static IEnumerable<(string Name, long[] Weight)> Layers() =>
    [
        ("x_embedder.proj", [Width, 1, 1, 1]),
        ("t_embedder.mlp.0", [Width, Frequencies]),
        ("t_embedder.mlp.2", [Width, Width]),
        ("blocks.0.adaLN_modulation.1", [6 * Width, Width]),
        ("blocks.0.attn.qkv", [3 * Width, Width]),
        ("blocks.0.attn.proj", [Width, Width]),
        ("blocks.0.mlp.fc1", [Width, Width]),
        ("blocks.0.mlp.fc2", [Width, Width]),
        ("final_layer.adaLN_modulation.1", [2 * Width, Width]),
        ("final_layer.linear", [1, Width]),
    ];
}
