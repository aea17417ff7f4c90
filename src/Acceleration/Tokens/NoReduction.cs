using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The plan of nothing to do.</summary>
public sealed class NoReduction : ITokenPlan
{
    private NoReduction()
    {
    }

    /// <summary>The plan.</summary>
    public static NoReduction Instance { get; } = new();

    /// <inheritdoc/>
    public TokenSelection? Kept => null;

    /// <inheritdoc/>
    public Tensor Reduce(Tensor x) => x;

    /// <inheritdoc/>
    public Tensor Expand(Tensor y) => y;

    /// <inheritdoc/>
    public ITokenPlan ForRows(Func<Tensor, Tensor> take) => this;
}
