namespace Acceleration.Models;

/// <summary>The buckets of relative positions in T5 (Raffel et al., arXiv:1910.10683, section 2.1): one each for small distances, then ranges that grow with the logarithm of the distance.</summary>
public static class RelativeBuckets
{
    /// <summary>The bucket of a relative position.</summary>
    /// <param name="relative">Position of the key minus that of the query.</param>
    /// <param name="bidirectional">Whether later positions have buckets of their own, the second half of all; else they are in bucket 0 with distance 0.</param>
    /// <param name="buckets">Number of buckets; at least 4, or 2 in one direction.</param>
    /// <param name="farthest">The distance from which on all are in the last bucket (<c>max_distance</c>); above a quarter of the buckets, or half of them in one direction.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few buckets, or the distance is too small for them.</exception>
    public static int Of(long relative, bool bidirectional, int buckets, int farthest)
    {
        var side = bidirectional ? buckets / 2 : buckets;
        var exact = side / 2;
        ArgumentOutOfRangeException.ThrowIfLessThan(exact, 1, nameof(buckets));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(farthest, exact);
        var first = bidirectional && relative > 0 ? side : 0;
        var distance = bidirectional ? Math.Abs(relative) : -Math.Min(relative, 0);
        if (distance < exact)
        {
            return first + (int)distance;
        }

        // In single precision, as the networks were trained: it rounds the logarithms of exact powers to whole numbers.
        var beyond = (float)(Math.Log((double)distance / exact) / Math.Log((double)farthest / exact) * (side - exact));
        return first + Math.Min(exact + (int)beyond, side - 1);
    }
}
