using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Films in parts, so that memory depends on a part and not on the length of the film.</summary>
internal static class FilmParts
{
    /// <summary>The first frame by itself, then groups; a rest that makes no group is left out.</summary>
    public static IEnumerable<(long At, long Count)> FirstAlone(long frames, long each)
    {
        yield return (0, 1);
        for (var at = 1L; at + each <= frames; at += each)
        {
            yield return (at, each);
        }
    }

    /// <summary>Groups; what is too much for them belongs to the first.</summary>
    public static IEnumerable<(long At, long Count)> RestFirst(long frames, long each)
    {
        var first = Math.Min(frames, each + (frames % each));
        yield return (0, first);
        for (var at = first; at < frames; at += each)
        {
            yield return (at, each);
        }
    }

    /// <summary>Enlarges frames two times in height and width, and in number where asked for, by repetition.</summary>
    public static Tensor Enlarged(Tensor x, bool inTime) => nn.functional.interpolate(x, size: [(inTime ? 2 : 1) * x.size(2), 2 * x.size(3), 2 * x.size(4)]);

    /// <summary>Takes a film through layers part by part.</summary>
    /// <param name="film">[rows, channels, frames, height, width].</param>
    /// <param name="parts">Where parts begin, and how many frames they have.</param>
    /// <param name="frames">Frames of all results together.</param>
    /// <param name="step">From a part to its result. What it makes is released with the part.</param>
    /// <returns>The results one after the other, a new tensor.</returns>
    public static Tensor Run(Tensor film, IEnumerable<(long At, long Count)> parts, long frames, Func<Tensor, FilmHistory, Tensor> step)
    {
        using var scope = NewDisposeScope();
        using var history = new FilmHistory();
        Tensor? whole = null;
        var at = 0L;
        foreach (var (start, count) in parts)
        {
            using var part = NewDisposeScope();
            var made = step(film.narrow(2, start, count), history);
            whole ??= empty([made.size(0), made.size(1), frames, made.size(3), made.size(4)], made.dtype, made.device).MoveToOuterDisposeScope();
            whole.narrow(2, at, made.size(2)).copy_(made);
            at += made.size(2);
            history.Next();
        }

        return whole!.MoveToOuterDisposeScope();
    }

    /// <summary>Applies layers one after the other. Takes its input over: it is released as soon as it is no longer needed.</summary>
    public static Tensor Through(this IEnumerable<IFilmLayer> layers, Tensor x, FilmHistory history)
    {
        foreach (var layer in layers)
        {
            var next = layer.Apply(x, history);
            x.Dispose();
            x = next;
        }

        return x;
    }
}
