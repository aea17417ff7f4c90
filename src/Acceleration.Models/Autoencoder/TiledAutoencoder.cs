using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Decodes large latents one sample and one overlapping tile at a time, so that memory depends on the tile and not on the picture. Overlaps are blended linearly, as in diffusers' tiled decoding. Norms see the pixels of one
/// tile only, so a picture differs slightly from the one decoded whole; where a single tile is enough it is the same.
/// </summary>
public sealed class TiledAutoencoder : IAutoencoder
{
    private readonly IAutoencoder _inner;
    private readonly int _tile;
    private readonly int _stride;

    /// <summary>Wraps an autoencoder, which it then owns.</summary>
    /// <param name="inner">The autoencoder.</param>
    /// <param name="tile">Side of a tile in latent pixels, at least 2; null for the side of training, 64 where that is not known.</param>
    /// <param name="overlap">Share of a tile's side that it has in common with the next, from 0 to a half.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tile or the overlap is outside of its range.</exception>
    public TiledAutoencoder(IAutoencoder inner, int? tile = null, double overlap = 0.25)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _tile = tile ?? Math.Max(2, inner.Info.TrainedSide / inner.Info.Factor ?? 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(_tile, 2, nameof(tile));
        if (overlap is not (>= 0 and <= 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(overlap), overlap, "Tiles overlap by a share of 0 to 0.5.");
        }

        (_inner, _stride) = (inner, Math.Max(1, (int)(_tile * (1 - overlap))));
    }

    /// <inheritdoc/>
    public AutoencoderInfo Info => _inner.Info;

    /// <summary>Encodes pictures, one at a time.</summary>
    /// <inheritdoc/>
    public Tensor Encode(Tensor pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        return pictures.ndim != Rank || pictures.size(0) < 2 ? _inner.Encode(pictures) : ByRow(pictures, _inner.Encode);
    }

    /// <inheritdoc/>
    public Tensor Decode(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        return latents.ndim != Rank || (latents.size(0) < 2 && Fits(latents)) ? _inner.Decode(latents) : ByRow(latents, row => Fits(row) ? _inner.Decode(row) : Tiled(row));
    }

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    private int Rank => Info.TakesFilms ? 5 : 4;

    private bool Fits(Tensor latents) => latents.size(Rank - 2) <= _tile && latents.size(Rank - 1) <= _tile;

    private static Tensor ByRow(Tensor x, Func<Tensor, Tensor> one)
    {
        using var scope = NewDisposeScope();
        return cat([.. Enumerable.Range(0, (int)x.size(0)).Select(i => one(x.narrow(0, i, 1)))], 0).MoveToOuterDisposeScope();
    }

    /// <summary>Every tile is written where it lies; what an earlier one wrote there fades out across the overlap.</summary>
    private Tensor Tiled(Tensor latents)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (Rank - 2, Rank - 1);
        long high = latents.size(rows), wide = latents.size(columns), factor = Info.Factor;
        long[] frames = Info.TakesFilms ? [Info.DecodedFrames(latents.size(2))] : [];
        var picture = zeros([1, Info.DecodedChannels, .. frames, high * factor, wide * factor], Info.DType, Info.Device);
        var above = 0L;
        foreach (var top in Starts(high))
        {
            var before = 0L;
            foreach (var left in Starts(wide))
            {
                using var one = NewDisposeScope();
                var decoded = _inner.Decode(latents.narrow(rows, top, Math.Min(_tile, high - top)).narrow(columns, left, Math.Min(_tile, wide - left)));
                var place = picture.narrow(rows, top * factor, decoded.size(rows)).narrow(columns, left * factor, decoded.size(columns));
                var share = Ramp(decoded.size(rows), (above - top) * factor).view(-1, 1).mul(Ramp(decoded.size(columns), (before - left) * factor));
                place.Increase(decoded.Plus(place.neg()).mul(share));
                before = left + _tile;
            }

            above = top + _tile;
        }

        return picture.MoveToOuterDisposeScope();
    }

    /// <summary>From near 0 to 1 across what a tile has in common with the one before, then 1; [length].</summary>
    private Tensor Ramp(long length, long common) =>
        tensor([.. Enumerable.Range(0, (int)length).Select(i => Math.Min(1, (i + 0.5) / Math.Max(0.5, common)))], Info.DType, Info.Device);

    /// <summary>Where tiles begin: the last one ends at the edge.</summary>
    private IEnumerable<long> Starts(long side)
    {
        for (long at = 0; at + _tile < side; at += _stride)
        {
            yield return at;
        }

        yield return Math.Max(0, side - _tile);
    }
}
