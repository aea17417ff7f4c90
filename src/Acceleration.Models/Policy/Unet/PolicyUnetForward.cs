using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One call: everything the bodies need.</summary>
/// <param name="Network">Layers and sizes.</param>
/// <param name="Modulation">[rows, parts of all blocks, 1].</param>
/// <param name="Cut">Which cut.</param>
internal readonly record struct PolicyUnetCall(PolicyUnetNetwork Network, Tensor Modulation, int Cut = 0);

/// <summary>The forward pass below the longest level. Level i is the one that lies around cut i − 1.</summary>
internal static class PolicyUnetForward
{
    /// <summary>From the output of the level outside to what it goes on with: halved, this level's blocks, the cut, blocks, doubled.</summary>
    public static Tensor Level(Tensor outside, PolicyUnetCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var (network, cut) = (s.Network, s.Cut);
        var layout = e.Layout!;
        e.Layout = layout with { Width = layout.Width / 2 };
        var modulation = e.ForRows(s.Modulation);
        using var shorter = network.Halves[cut].Apply(outside, network.Residual);
        var skip = network.Down[cut + 1].Apply(shorter, modulation);
        var below = e.At(network.Sites.Cuts[cut], skip, s, Below, drop: static (h, _, _) => h.Main.new_zeros(h.Main.shape)).Main;
        var up = network.Down.Count - 2 - cut;
        using var both = cat([below, skip], 1);
        using var merged = network.Up[up].Apply(both, modulation);
        e.Layout = layout;
        return network.Doubles[up].Apply(merged, network.Residual).MoveToOuterDisposeScope();
    }

    /// <summary>Inside of a cut: the next level, or the middle.</summary>
    private static Value Below(Value h, PolicyUnetCall s, Evaluation e) => s.Cut == s.Network.Sites.Cuts.Count - 1
        ? s.Network.Middle.Apply(h.Main, e.ForRows(s.Modulation))
        : Level(h.Main, s with { Cut = s.Cut + 1 }, e);
}
