namespace Acceleration;

/// <summary>Halving and doubling along one axis, as matrices: a binomial blur of five taps with reflected ends before the one and after the other.</summary>
internal static class PyramidAxis
{
    private static readonly double[] Binomial = [1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0];

    /// <summary>Blurs and takes the mean of neighbours, [length / 2, length].</summary>
    public static double[,] Down(int length)
    {
        var made = new double[length / 2, length];
        for (var i = 0; i < length; i++)
        {
            for (var k = -2; k <= 2; k++)
            {
                made[i / 2, Reflected(i + k, length)] += Binomial[k + 2] / 2;
            }
        }

        return made;
    }

    /// <summary>Doubles linearly, pixels as areas, and blurs, [2 · length, length].</summary>
    public static double[,] Up(int length)
    {
        var made = new double[2 * length, length];
        for (var i = 0; i < 2 * length; i++)
        {
            for (var k = -2; k <= 2; k++)
            {
                var place = Math.Max(0, (Reflected(i + k, 2 * length) / 2.0) - 0.25);
                var (left, part) = ((int)place, place - (int)place);
                made[i, left] += Binomial[k + 2] * (1 - part);
                made[i, Math.Min(left + 1, length - 1)] += Binomial[k + 2] * part;
            }
        }

        return made;
    }

    /// <summary>A place beyond the ends, mirrored at the outermost entries without repeating them.</summary>
    public static int Reflected(int place, int length)
    {
        if (length == 1)
        {
            return 0;
        }

        var at = Math.Abs(place) % (2 * (length - 1));
        return at < length ? at : (2 * (length - 1)) - at;
    }
}
