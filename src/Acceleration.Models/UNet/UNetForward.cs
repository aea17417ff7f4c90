using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The forward pass, from one skip connection to the next one inside.</summary>
internal static class UNetForward
{
    /// <summary>From embedded latents to the input of the last norm.</summary>
    /// <param name="h">[rows, channels, height, width]: the outermost skip connection.</param>
    /// <param name="call">What all layers are given.</param>
    /// <param name="e">The evaluation.</param>
    public static Tensor Run(Tensor h, UNetCall call, Evaluation e) => Outside(h, call, 0, e);

    /// <summary>A cut, and the layer that takes its output beside the skip connection.</summary>
    private static Tensor Outside(Tensor skip, UNetCall call, int depth, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var below = Below(skip, call, depth, e);
        var carried = call.Residuals.Count > 0 ? skip.Plus(e.ForRows(call.Residuals[depth])) : skip;
        var joined = cat([below, carried], 1);
        return scope.Leave(call.Network.Skips[depth].Up.Apply(joined, call, e));
    }

    private static Tensor Below(Tensor skip, UNetCall call, int depth, Evaluation e) => depth == call.Network.Sites.Cuts.Count
        ? FromMiddle(skip, call, e)
        : e.At(
            call.Network.Sites.Cuts[depth],
            skip,
            (Call: call, Depth: depth),
            static (h, s, e) => Inside(h.Main, s.Call, s.Depth, e),
            drop: static (h, s, _) => Nothing(h.Main, s.Call.Network.Skips[s.Depth].Below)).Main;

    /// <summary>What lies in a cut: down to the next skip connection, the cut there, and up again.</summary>
    private static Tensor Inside(Tensor skip, UNetCall call, int depth, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var network = call.Network;
        if (depth == network.Skips.Count - 1)
        {
            var middle = skip;
            foreach (var layer in network.Middle)
            {
                middle = layer.Apply(middle, call, e);
            }

            return scope.Leave(FromMiddle(middle, call, e));
        }

        var next = network.Skips[depth + 1];
        if (next.Shrink is null)
        {
            return scope.Leave(Outside(next.Down!.Apply(skip, call, e), call, depth + 1, e));
        }

        var small = next.Shrink.Apply(skip, call, e);
        e.Layout = new(1, (int)small.size(2), (int)small.size(3));
        var inside = Outside(small, call, depth + 1, e);
        return scope.Leave(next.Grow!.Apply(inside, call, e, (skip.size(2), skip.size(3))));
    }

    private static Tensor FromMiddle(Tensor h, UNetCall call, Evaluation e) => call.MiddleResidual is { } residual ? h.Plus(e.ForRows(residual)) : h;

    /// <summary>What the level outside is given beside its skip connection when a cut is skipped.</summary>
    private static Tensor Nothing(Tensor skip, long channels) => zeros([skip.size(0), channels, skip.size(2), skip.size(3)], skip.dtype, skip.device);
}
