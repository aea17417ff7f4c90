namespace Acceleration;

/// <summary>What segments of one request lose at the end of the trajectory, of those that were followed there, and of all others by how much the loss at their own end grows.</summary>
/// <param name="steps">Steps of the run.</param>
/// <param name="longest">Steps from a computed one to the next at most.</param>
/// <param name="stride">Of one in so many ends segments are followed; 1 for all segments.</param>
internal sealed class SegmentGrowth(int steps, int longest, int stride)
{
    private const int FirstEnd = 2;
    private readonly double[,] _local = new double[steps, steps];
    private readonly double[,] _ends = new double[steps, steps];

    public bool Follows(int from, int to) => IsFollowed(steps, longest, stride, from, to);

    /// <summary>Steps that measuring one request takes: the plain run, what is left out, and the tails that are followed.</summary>
    public static int StepsOfRequest(int steps, int longest, int stride)
    {
        var taken = steps + Math.Max(0, steps - 2);
        for (var i = 0; i < steps - 2; i++)
        {
            for (var j = i + 2; j < steps && j - i <= longest; j++)
            {
                // The one that is left out, and the tail.
                taken += 1 + (IsFollowed(steps, longest, stride, i, j) ? steps - j : 0);
            }
        }

        return taken;
    }

    public static bool IsFollowed(int steps, int longest, int stride, int from, int to) =>
        stride == 1 || (IsAnchor(steps, stride, to) && Lengths(longest, to).Contains(to - from));

    public void Add(int from, int to, double local) => _local[from, to] = local;

    public void Add(int from, int to, double local, double end) => (_local[from, to], _ends[from, to]) = (local, end);

    /// <summary>Entry [i, j] for the segment from i to j.</summary>
    public double[,] Ends()
    {
        for (var to = FirstEnd; to < steps; to++)
        {
            for (var from = Math.Max(0, to - longest); from <= to - FirstEnd; from++)
            {
                if (!Follows(from, to))
                {
                    _ends[from, to] = _local[from, to] * Math.Exp(LogGrowth(to, to - from));
                }
            }
        }

        return _ends;
    }

    private static bool IsAnchor(int steps, int stride, int to) => (to - FirstEnd) % stride == 0 || to == steps - 1;

    /// <summary>Lengths that are followed at an end: the shortest, the middle and the longest that there are.</summary>
    private static IEnumerable<int> Lengths(int longest, int to)
    {
        var most = Math.Min(longest, to);
        return new[] { FirstEnd, (FirstEnd + most + 1) / 2, most }.Distinct();
    }

    /// <summary>Between the ends before and after it that were followed, in proportion.</summary>
    private double LogGrowth(int to, int length)
    {
        var before = to - ((to - FirstEnd) % stride);
        var after = IsAnchor(steps, stride, to) ? to : Math.Min(before + stride, steps - 1);
        return IsAnchor(steps, stride, to) ? Along(to, length) : double.Lerp(Along(before, length), Along(after, length), (double)(to - before) / (after - before));
    }

    /// <summary>At an end that was followed, between the lengths that were, in proportion.</summary>
    private double Along(int to, int length)
    {
        int[] lengths = [.. Lengths(longest, to)];
        var above = Array.FindIndex(lengths, l => l >= length);
        if (above <= 0)
        {
            return At(to, above < 0 ? lengths[^1] : lengths[0]);
        }

        var (less, more) = (lengths[above - 1], lengths[above]);
        return double.Lerp(At(to, less), At(to, more), (double)(length - less) / (more - less));
    }

    /// <summary>Logarithm of the loss at the end by that at the segment's own; none where nothing was lost.</summary>
    private double At(int to, int length)
    {
        var (local, end) = (_local[to - length, to], _ends[to - length, to]);
        return local > 0 && end > 0 ? Math.Log(end / local) : 0;
    }
}
