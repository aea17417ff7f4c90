using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A reduction of tokens and its way back: X' = W·X before a body, an expansion of its output after it.</summary>
public interface ITokenPlan
{
    /// <summary>Which tokens the kept slots stand for (what positions and masks are reduced to); null where nothing is reduced.</summary>
    TokenSelection? Kept { get; }

    /// <summary>The reduced tokens.</summary>
    /// <param name="x">[rows, tokens, channels].</param>
    /// <returns>[rows, kept, channels]; <paramref name="x"/> itself where nothing is reduced.</returns>
    Tensor Reduce(Tensor x);

    /// <summary>A value for every token again.</summary>
    /// <param name="y">[rows, kept, channels].</param>
    /// <returns>[rows, tokens, channels]; <paramref name="y"/> itself where nothing is reduced.</returns>
    Tensor Expand(Tensor y);

    /// <summary>The same plan for some of its rows.</summary>
    /// <param name="take">Takes those rows of a tensor whose dimension 0 is the plan's rows.</param>
    ITokenPlan ForRows(Func<Tensor, Tensor> take);
}
