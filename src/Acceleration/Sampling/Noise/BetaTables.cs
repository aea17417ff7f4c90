namespace Acceleration;

/// <summary>β tables in the order of operations of the published schedulers: float32 where they use float32.</summary>
internal static class BetaTables
{
    private const double MaxBeta = 0.999;

    public static float[] Make(BetaSchedule schedule, double start, double end, int trainSteps) => schedule switch
    {
        BetaSchedule.Linear => Linspace((float)start, (float)end, trainSteps),
        BetaSchedule.ScaledLinear => Map(Linspace((float)Math.Sqrt(start), (float)Math.Sqrt(end), trainSteps), static r => r * r),
        BetaSchedule.Sigmoid => Map(
            Linspace(-6, 6, trainSteps), u => (1 / (1 + MathF.Exp(-u)) * (float)(end - start)) + (float)start),
        BetaSchedule.SquaredCosCapV2 => FromAlphaBar(Cosine, trainSteps),
        BetaSchedule.Exponential => FromAlphaBar(static u => Math.Exp(-12 * u), trainSteps),
        BetaSchedule.Laplace => FromAlphaBar(Laplace, trainSteps),
        _ => throw new ArgumentOutOfRangeException(nameof(schedule), schedule, "Unknown beta schedule."),
    };

    /// <summary>ᾱ_i = Π(1 − β): products kept in double and each rounded to float32, as a float32 cumprod does on the CPU.</summary>
    public static float[] AlphaBars(ReadOnlySpan<float> betas)
    {
        var alphaBars = new float[betas.Length];
        var product = 1.0;
        for (var i = 0; i < betas.Length; i++)
        {
            product *= 1 - betas[i];
            alphaBars[i] = (float)product;
        }

        return alphaBars;
    }

    /// <summary>Shifts and scales √ᾱ so that the last one is 0 and the first one stays (Lin et al., 2023, algorithm 1).</summary>
    public static float[] RescaleToZeroTerminalSnr(ReadOnlySpan<float> betas)
    {
        var roots = Map(AlphaBars(betas), MathF.Sqrt);
        var last = roots[^1];
        var scale = roots[0] / (roots[0] - last);
        var bars = Map(roots, r => (r - last) * scale * ((r - last) * scale));

        var rescaled = new float[bars.Length];
        rescaled[0] = 1 - bars[0];
        for (var i = 1; i < bars.Length; i++)
        {
            rescaled[i] = 1 - (bars[i] / bars[i - 1]);
        }

        return rescaled;
    }

    private static double Cosine(double u)
    {
        var c = Math.Cos((u + 0.008) / 1.008 * Math.PI / 2);
        return c * c;
    }

    private static double Laplace(double u)
    {
        var snr = Math.Exp(-0.5 * Math.CopySign(1, 0.5 - u) * Math.Log(1 - (2 * Math.Abs(0.5 - u)) + 1e-6));
        return Math.Sqrt(snr / (1 + snr));
    }

    private static float[] FromAlphaBar(Func<double, double> alphaBar, int trainSteps)
    {
        var betas = new float[trainSteps];
        for (var i = 0; i < trainSteps; i++)
        {
            var from = (double)i / trainSteps;
            var to = (double)(i + 1) / trainSteps;
            betas[i] = (float)Math.Min(1 - (alphaBar(to) / alphaBar(from)), MaxBeta);
        }

        return betas;
    }

    /// <summary>A float32 linspace counts from the nearer end, so that both ends are exact.</summary>
    private static float[] Linspace(float start, float end, int count)
    {
        var values = new float[count];
        var step = count > 1 ? (end - start) / (count - 1) : 0;
        for (var i = 0; i < count; i++)
        {
            values[i] = i < count / 2 || count == 1 ? start + (step * i) : end - (step * (count - i - 1));
        }

        return values;
    }

    private static float[] Map(float[] values, Func<float, float> map) => Array.ConvertAll(values, v => map(v));
}
