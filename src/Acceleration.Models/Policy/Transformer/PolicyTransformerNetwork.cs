using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded TransformerForDiffusion.</summary>
/// <param name="Config">Sizes.</param>
/// <param name="Actions">Embeds actions.</param>
/// <param name="Positions">[1, positions, width].</param>
/// <param name="Sinusoids">Encodes the time.</param>
/// <param name="Memory">What blocks attend to beside the actions; null for the form of one stream.</param>
/// <param name="Blocks">The blocks.</param>
/// <param name="Mask">[positions, positions], 0 where a token may look and −∞ where not; null where it may look everywhere.</param>
/// <param name="MemoryMask">[positions, memory positions], likewise.</param>
/// <param name="Norm">The last norm.</param>
/// <param name="Output">To actions.</param>
/// <param name="Sites">Its sites.</param>
/// <param name="Residual">Type of the stream.</param>
internal sealed record PolicyTransformerNetwork(
    PolicyTransformerConfig Config,
    Linear Actions,
    Tensor Positions,
    Sinusoids Sinusoids,
    PolicyMemory? Memory,
    IReadOnlyList<PolicyBlock> Blocks,
    Tensor? Mask,
    Tensor? MemoryMask,
    LayerNorm Norm,
    Linear Output,
    PolicyTransformerSites Sites,
    ScalarType Residual) : IDisposable
{
    public Device Device => Positions.device;

    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    /// <summary>From actions [rows, action_dim, horizon] and the encoded time to tokens [rows, tokens, width].</summary>
    public Tensor Enter(Tensor latents, Tensor time)
    {
        using var scope = NewDisposeScope();
        var tokens = Actions.Apply(latents.transpose(1, 2));
        tokens = Config.TimeIsToken ? cat([time.unsqueeze(1), tokens], 1) : tokens;
        return tokens.Plus(Positions.narrow(1, 0, tokens.size(1))).MoveToOuterDisposeScope();
    }

    /// <summary>From tokens to actions [rows, action_dim, horizon].</summary>
    public Tensor Leave(Tensor h)
    {
        using var scope = NewDisposeScope();
        var actions = Config.TimeIsToken ? h.narrow(1, 1, h.size(1) - 1) : h;
        return Output.Apply(Norm.Apply(actions)).transpose(1, 2).contiguous().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Tensors?.Dispose();
        Sinusoids.Dispose();
    }
}
