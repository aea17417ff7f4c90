using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded AutoencoderTiny. Both halves are chains: a layer takes a tensor and gives a new one.</summary>
internal sealed record TinyNetwork(
    TinyConfig Config, IReadOnlyList<Func<Tensor, Tensor>> Encoder, IReadOnlyList<Func<Tensor, Tensor>> Decoder, LatentScaling Scaling, ScalarType Residual) : IDisposable
{
    private const double Bound = 3;

    public Device Device => Scaling.Device;

    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    /// <summary>Pictures in [−1, 1] to latents of the autoencoder's own scale. The convolutions were trained on [0, 1].</summary>
    public Tensor Encode(Tensor pictures)
    {
        using var scope = NewDisposeScope();
        return Run(Encoder, pictures.Plus(1.0).Over(2)).MoveToOuterDisposeScope();
    }

    /// <summary>Latents of the autoencoder's own scale to pictures.</summary>
    public Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        return Run(Decoder, latents.Over(Bound).tanh().Times(Bound)).Times(2.0).Plus(-1.0).MoveToOuterDisposeScope();
    }

    public void Dispose() => Tensors?.Dispose();

    private Tensor Run(IReadOnlyList<Func<Tensor, Tensor>> layers, Tensor x)
    {
        foreach (var layer in layers)
        {
            var next = layer(x);
            x.Dispose();
            x = next;
        }

        return x.to(Residual);
    }
}
