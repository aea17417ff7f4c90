using System.Runtime.InteropServices;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Acceleration.Reporting;

/// <summary>Turns results into pictures and compares them with the baseline's, or those of the reference.</summary>
internal sealed class PictureJudge(Comparison comparison) : IDisposable
{
    private const int SmallestForSsim = 11;
    private readonly Dictionary<Contestant, Tensor> _pictures = [];

    /// <summary>Frames of each sample; 1 where they are pictures.</summary>
    public int Frames { get; private set; } = 1;

    /// <summary>Judges the first result of a measurement; of later ones, only whether they are the same.</summary>
    public void Judge(Measurement measurement, Tensor results)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var values = results.to(float32).cpu().contiguous();
        var hash = SHA256.HashData(MemoryMarshal.AsBytes<float>(values.data<float>().ToArray()));
        if (measurement.Verdict is { } first)
        {
            measurement.Reproducible &= hash.AsSpan().SequenceEqual(first.Hash);
            return;
        }

        var decoded = comparison.Decode is { } decode ? decode(results).to(float32).cpu() : values;
        RequirePictures(decoded, results);
        var frames = Framed(decoded);
        Frames = (int)(frames.size(0) / decoded.size(0));
        var broken = frames.isfinite().flatten(1).all(1).logical_not().sum().item<long>();
        var pictures = ((frames - comparison.Range.Black) / (comparison.Range.White - comparison.Range.Black)).nan_to_num(0, 0, 0).clamp(0, 1);
        if (comparison.Contestants[0] == measurement.Contestant || comparison.Contestants.Any(c => c.Reference == measurement.Contestant))
        {
            _pictures[measurement.Contestant] = pictures.alias().DetachFromDisposeScope();
        }

        var reference = _pictures[measurement.Contestant.Reference ?? comparison.Contestants[0]];
        measurement.Verdict = new(
            PictureSet.Of(pictures),
            ImageMetrics.PsnrPerPicture(pictures, reference),
            Math.Min(pictures.size(2), pictures.size(3)) < SmallestForSsim ? [] : ImageMetrics.SsimPerPicture(pictures, reference),
            Classes(decoded),
            (int)broken,
            hash);
    }

    public void Dispose()
    {
        foreach (var pictures in _pictures.Values)
        {
            pictures.Dispose();
        }
    }

    /// <summary>The frames of films one after the other, each a picture; pictures as they are.</summary>
    private static Tensor Framed(Tensor decoded) => decoded.ndim == 5 ? decoded.transpose(1, 2).flatten(0, 1) : decoded.alias();

    private long[] Classes(Tensor decoded)
    {
        var classes = comparison.Classifier?.Invoke(decoded) ?? [];
        return comparison.Classifier is null || classes.Length == decoded.size(0)
            ? classes
            : throw new InvalidOperationException($"The classifier gave {classes.Length} classes for {decoded.size(0)} pictures.");
    }

    private void RequirePictures(Tensor decoded, Tensor results)
    {
        if (decoded.ndim is not (4 or 5) || decoded.size(0) != results.size(0))
        {
            throw new InvalidOperationException(
                $"[{string.Join(", ", decoded.shape)}] are no {results.size(0)} pictures [pictures, channels, height, width] or films [films, channels, frames, height, width]: decode results of shape [{string.Join(", ", results.shape)}] with {nameof(Comparison)}.{nameof(Comparison.Pixels)}.");
        }

        using var frames = Framed(decoded);
        if (_pictures.TryGetValue(comparison.Contestants[0], out var baseline) && !baseline.shape.AsSpan().SequenceEqual(frames.shape))
        {
            throw new InvalidOperationException($"The pictures are [{string.Join(", ", frames.shape)}], those of the baseline [{string.Join(", ", baseline.shape)}].");
        }
    }
}
