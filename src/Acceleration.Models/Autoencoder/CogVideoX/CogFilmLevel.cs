using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Residual blocks at one resolution, and the way to the next one.</summary>
/// <param name="Blocks">The blocks.</param>
/// <param name="Way">The convolution behind a change of resolution; null at the last level.</param>
/// <param name="Grows">Whether pictures become larger.</param>
/// <param name="InTime">Whether frames become more or fewer, too.</param>
internal sealed record CogFilmLevel(IReadOnlyList<CogFilmResidual> Blocks, FilmConv? Way = null, bool Grows = false, bool InTime = false)
{
    /// <summary>Takes its input over: it is released as soon as it is no longer needed.</summary>
    /// <param name="x">[rows, channels, frames, height, width].</param>
    /// <param name="latents">Of the same part; null in the encoder.</param>
    /// <param name="history">Of the film; changed.</param>
    public Tensor Apply(Tensor x, Tensor? latents, FilmHistory history)
    {
        foreach (var block in Blocks)
        {
            var next = block.Apply(x, latents, history);
            x.Dispose();
            x = next;
        }

        if (Way is null)
        {
            return x;
        }

        using (x)
        {
            using var scope = NewDisposeScope();
            return Way.Apply(Grows ? Enlarged(x) : functional.pad(InTime ? Paired(x) : x, (0, 1, 0, 1)), history).MoveToOuterDisposeScope();
        }
    }

    /// <summary>The first of an odd number of frames stays by itself.</summary>
    private Tensor Enlarged(Tensor x)
    {
        var frames = x.size(2);
        return !InTime || frames == 1 ? FilmParts.Enlarged(x, inTime: false)
            : frames % 2 == 0 ? FilmParts.Enlarged(x, inTime: true)
            : cat([FilmParts.Enlarged(x.narrow(2, 0, 1), inTime: false), FilmParts.Enlarged(x.narrow(2, 1, frames - 1), inTime: true)], 2);
    }

    /// <summary>The mean of every two frames; the first of an odd number stays by itself.</summary>
    private static Tensor Paired(Tensor x)
    {
        var alone = x.size(2) % 2;
        var rest = x.narrow(2, alone, x.size(2) - alone);
        var means = rest.reshape([x.size(0), x.size(1), rest.size(2) / 2, 2, x.size(3), x.size(4)]).mean([3]);
        return alone == 0 ? means : cat([x.narrow(2, 0, 1), means], 2);
    }
}
