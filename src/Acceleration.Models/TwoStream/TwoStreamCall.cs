using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One block of two streams in one call: everything its bodies need.</summary>
/// <param name="Block">Layers.</param>
/// <param name="Sites">Sites.</param>
/// <param name="Norm">The norm in front of everything.</param>
/// <param name="Heads">Number of heads.</param>
/// <param name="Place">Where text tokens lie in the joint attention.</param>
/// <param name="Residual">Type of the streams.</param>
/// <param name="Modulation">[rows, parts, 1, width] of the whole call.</param>
/// <param name="Turns">Rotary positions, or null.</param>
internal readonly record struct TwoStreamCall(
    TwoStreamBlock Block, TwoStreamSites Sites, LayerNorm Norm, int Heads, TextPlace Place, ScalarType Residual, Tensor Modulation, JointTurns? Turns)
{
    /// <summary>A part of the image stream's modulation for the rows of <paramref name="e"/>, [rows, 1, width].</summary>
    public Tensor Image(int part, Evaluation e) => e.ForRows(Modulation.select(1, Block.ImageAt + part));

    /// <summary>A part of the text stream's.</summary>
    public Tensor Text(int part, Evaluation e) => e.ForRows(Modulation.select(1, Block.TextAt + part));
}
