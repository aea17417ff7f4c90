using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What all layers are given in one call of the network.</summary>
/// <param name="Network">The network.</param>
/// <param name="Times">[rows, n]: what each residual block is told of the time, side by side.</param>
internal sealed record UNetCall(UNetNetwork Network, Tensor Times)
{
    /// <summary>[rows or 1, tokens, width], in the type of the products; null where no text is read.</summary>
    public Tensor? Text { get; init; }

    /// <summary>[rows or 1, 1, 1, tokens], added to the scores of cross-attention; null for a text without padding.</summary>
    public Tensor? TextBias { get; init; }

    /// <summary>Added to the skip connections, the outermost first; none without a control network.</summary>
    public IReadOnlyList<Tensor> Residuals { get; init; } = [];

    /// <summary>Added to what comes from the middle.</summary>
    public Tensor? MiddleResidual { get; init; }

    /// <summary>What a residual block is told of the time, for the rows of an evaluation, [rows, count, 1, 1].</summary>
    public Tensor Time(UNetTimePart part, Evaluation e) =>
        e.ForRows(Times.narrow(1, part.From + (part.IsRaw ? Network.Conditioner.Times.ActiveWidth : 0), part.Count)).unsqueeze(2).unsqueeze(3);
}
