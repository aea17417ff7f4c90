namespace Acceleration;

/// <summary>
/// Evenly spaced doubles in the order of operations of NumPy, on which the published timestep grids rest: a value halfway between two
/// integers has to round to the same side.
/// </summary>
internal static class NumericRange
{
    /// <summary><paramref name="count"/> values from <paramref name="start"/> to <paramref name="stop"/>, which belongs to them unless <paramref name="endpoint"/> is false.</summary>
    public static double[] Linspace(double start, double stop, int count, bool endpoint = true)
    {
        var values = new double[count];
        var intervals = endpoint ? count - 1 : count;
        var step = intervals > 0 ? (stop - start) / intervals : 0;
        for (var k = 0; k < count; k++)
        {
            values[k] = (k * step) + start;
        }

        if (endpoint && count > 1)
        {
            values[^1] = stop;
        }

        return values;
    }

    /// <summary>Values from <paramref name="start"/> in steps of <paramref name="step"/> up to, in exact arithmetic without, <paramref name="stop"/>.</summary>
    public static double[] Arange(double start, double stop, double step)
    {
        var values = new double[(int)Math.Ceiling((stop - start) / step)];
        var difference = start + step - start;
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = start + (k * difference);
        }

        return values;
    }
}
