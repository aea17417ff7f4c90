using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One call of a CogVideoX: everything that its blocks need.</summary>
/// <param name="Network">Layers and sizes.</param>
/// <param name="Sites">Its sites.</param>
/// <param name="Modulation">[rows, parts, 1, width].</param>
/// <param name="Turns">Rotary positions, or null.</param>
internal sealed record CogVideoXCall(CogVideoXNetwork Network, CogVideoXSites Sites, Tensor Modulation, JointTurns? Turns);

/// <summary>One block of one call.</summary>
/// <param name="Call">The call.</param>
/// <param name="Index">Which block.</param>
internal readonly record struct CogVideoXBlockCall(CogVideoXCall Call, int Index)
{
    public CogVideoXNetwork Network => Call.Network;

    public CogVideoXBlock Block => Call.Network.Blocks[Index];

    public AdaLnSites Sites => Call.Sites.Blocks[Index];

    /// <summary>A part of the modulation for the rows of <paramref name="e"/>, [rows, 1, width].</summary>
    public Tensor Part(int part, Evaluation e) => e.ForRows(Call.Modulation.select(1, part));
}
