using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The sample DiT and inputs for it.</summary>
internal static class SampleNetwork
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "weights", "fashion-dit.safetensors");

    public static UNet LoadUNet(ScalarType dtype) => UNet.Load(System.IO.Path.Combine(AppContext.BaseDirectory, "weights", "fashion-unet.safetensors"), new() { DType = dtype });

    public static DiT Load(ScalarType dtype) => DiT.Load(Path, new() { DType = dtype });

    /// <summary>Noise, time 500, classes in turn.</summary>
    public static NetworkInput Input(DenoiserInfo network, int rows)
    {
        using var generator = new Generator(1);
        return new(
            randn([rows, .. network.SampleSize], ScalarType.Float32, generator: generator).DetachFromDisposeScope(),
            full([rows], 500f, ScalarType.Float32).DetachFromDisposeScope(),
            Labels(network, rows));
    }

    public static Conditioning Labels(DenoiserInfo network, int rows) =>
        Conditioning.Labels([.. Enumerable.Range(0, rows).Select(i => (long)(i % network.Classes))]);
}

/// <summary>What one forward pass takes.</summary>
internal sealed record NetworkInput(Tensor Latents, Tensor Time, Conditioning Condition) : IDisposable
{
    public int Rows => Condition.Rows;

    /// <summary>One forward pass without strategies.</summary>
    public Tensor Run(IDenoiser network) => network.Predict(Latents, Time, Condition, Evaluation.Plain(Rows));

    public void Dispose()
    {
        Latents.Dispose();
        Time.Dispose();
        Condition.Dispose();
    }
}
