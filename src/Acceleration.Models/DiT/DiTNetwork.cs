using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded DiT. Owns their tensors once <see cref="Own"/> was called.</summary>
internal sealed record DiTNetwork(
    DiTConfig Config,
    PatchEmbedding Patches,
    DiTConditioner Conditioner,
    IReadOnlyList<DiTBlock> Blocks,
    Linear Output,
    DiTPositions Positions,
    DiTSites Sites,
    ScalarType Residual) : IDisposable
{
    private const double Epsilon = 1e-6;

    private readonly List<Tensor> _owned = [];

    public LayerNorm AttentionNorm { get; } = new(Config.Width, Epsilon);

    public LayerNorm FeedForwardNorm { get; } = new(Config.Width, Config.FeedForwardEpsilon);

    public LayerNorm OutputNorm { get; } = new(Config.Width, Epsilon);

    public Device Device => Output.Weight.device;

    /// <summary>Takes all tensors out of the scope they were loaded in.</summary>
    public DiTNetwork Own()
    {
        _owned.AddRange([.. Patches.Parameters, .. Conditioner.Parameters, .. Blocks.SelectMany(b => b.Parameters), .. Output.Parameters]);
        _owned.ForEach(p => p.DetachFromDisposeScope());
        Positions.Own();
        return this;
    }

    public void Dispose()
    {
        _owned.ForEach(p => p.Dispose());
        Positions.Dispose();
    }
}
