namespace Acceleration;

/// <summary>The time u over which SADA takes gradients of latents: the angle atan2(σ, α) at unit variance, along which dz/du is α·ε − σ·x0, and σ of a flow, along which it is the velocity.</summary>
internal static class GradientTime
{
    // The oldest gradient's weight as published in the paper; the others follow from it.
    private const double Oldest = -2.0 / 3;

    public static double Of(GridPoint at, bool isFlow) => isFlow ? at.Sigma : Math.Atan2(at.Sigma, at.Alpha);

    /// <summary>What x is divided by.</summary>
    public static double Scale(GridPoint at, bool isFlow) => isFlow ? 1 : Math.Sqrt(((double)at.Alpha * at.Alpha) + ((double)at.Sigma * at.Sigma));

    /// <summary>The level of the divided latents.</summary>
    public static GridPoint Unit(GridPoint at)
    {
        var scale = Scale(at, false);
        return at with { Alpha = (float)(at.Alpha / scale), Sigma = (float)(at.Sigma / scale) };
    }

    /// <summary>What each gradient, newest first, adds to the latents from one time to another: the paper's 5/6, 5/6 and −2/3 of the way where steps are even, else such that gradients that are linear in time stay exact.</summary>
    public static double[] Moves(double[] nodes, double from, double to)
    {
        var way = to - from;
        if (nodes.Length == 1 || nodes[0] == nodes[1])
        {
            return [way, .. new double[nodes.Length - 1]];
        }

        var oldest = nodes.Length > 2 ? Oldest : 0;
        var middle = from + (way / 2) - nodes[0];
        var second = (middle - (nodes.Length > 2 ? oldest * (nodes[2] - nodes[0]) : 0)) / (nodes[1] - nodes[0]);
        double[] weights = [1 - second - oldest, second, oldest];
        return [.. weights.Take(nodes.Length).Select(w => w * way)];
    }

    /// <summary>As <see cref="Moves"/>, with the released code's weights and its step, one in so many as the run has.</summary>
    public static double[] Published(int count, int steps)
    {
        double[] weights = count switch { 1 => [1], 2 => [1.5, -0.5], _ => [5.0 / 8, 3.0 / 4, -3.0 / 8] };
        return [.. weights.Select(w => -w / steps)];
    }

    /// <summary>The newest distance of three gradients in units of the one before.</summary>
    public static double Ratio(double[] nodes) => Math.Abs(nodes[0] - nodes[1]) / Math.Abs(nodes[1] - nodes[2]);

    /// <summary>For each entry one weight, or one for each row where rows differ.</summary>
    public static double[][] PerRow(Remembered[] entries, int rows, Func<double[], double[]> weightsOf)
    {
        var count = entries.All(e => e.Shared is not null) ? 1 : rows;
        var weights = Array.ConvertAll(entries, _ => new double[count]);
        for (var row = 0; row < count; row++)
        {
            var w = weightsOf(Array.ConvertAll(entries, e => e.At[row]));
            for (var age = 0; age < entries.Length; age++)
            {
                weights[age][row] = w[age];
            }
        }

        return weights;
    }
}
