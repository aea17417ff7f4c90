using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>A residual block with what follows it.</summary>
internal sealed record UNetLayer(UNetResidual Residual, UNetPixelAttention? Attention, UNetTransformer? Transformer)
{
    public Tensor Apply(Tensor h, UNetCall call, Evaluation e)
    {
        if (Attention is null && Transformer is null)
        {
            return Residual.Apply(h, call, e);
        }

        using var scope = NewDisposeScope();
        var changed = Residual.Apply(h, call, e);
        return (Attention?.Apply(changed, e) ?? Transformer!.Apply(changed, call, e)).MoveToOuterDisposeScope();
    }
}

/// <summary>What makes and what takes a skip connection: <see cref="UNetSkipPlan"/>.</summary>
internal sealed record UNetSkip(int Below, UNetLayer? Down, UNetResampling? Shrink, UNetLayer Up, UNetResampling? Grow);

/// <summary>The layers of a loaded UNet.</summary>
internal sealed record UNetNetwork(
    UNetConfig Config,
    UNetPlan Plan,
    UNetSites Sites,
    UNetConditioner Conditioner,
    Linear? TextProjection,
    Conv2d Input,
    IReadOnlyList<UNetSkip> Skips,
    IReadOnlyList<UNetLayer> Middle,
    GroupNorm OutputNorm,
    Conv2d Output,
    NetworkOptions Options,
    Device Device) : IDisposable
{
    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    public void Dispose()
    {
        Tensors?.Dispose();
        Conditioner.Dispose();
    }
}
