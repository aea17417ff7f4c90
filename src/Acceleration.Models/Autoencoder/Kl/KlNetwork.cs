using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded AutoencoderKL.</summary>
internal sealed record KlNetwork(KlConfig Config, KlEncoder Encoder, KlDecoder Decoder, LatentScaling Scaling, ScalarType Residual) : IDisposable
{
    public Device Device => Scaling.Device;

    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    public void Dispose() => Tensors?.Dispose();
}
