namespace Acceleration;

/// <summary>β tables in the order of operations of the published schedulers: float32 where they use float32.</summary>
internal static class BetaTables
{
    private const double MaxBeta = 0.999;
    private const int Lanes = 8;

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

    /// <summary>
    /// A float32 linspace to the last bit as published tables were made: counted from the nearer end, in runs of 8 of which only the base is fused.
    /// It matters, because rescaling to zero terminal SNR enlarges a rounding of β a hundredfold.
    /// </summary>
    private static float[] Linspace(float start, float end, int count)
    {
        if (count == 1)
        {
            return [start];
        }

        var values = new float[count];
        var step = (end - start) / (count - 1);
        var inRuns = count - (count % Lanes);
        for (var i = 0; i < count; i++)
        {
            var lane = i < inRuns ? i % Lanes : 0;
            var first = i - lane;
            var origin = first < count / 2
                ? MathF.FusedMultiplyAdd(step, first, start)
                : MathF.FusedMultiplyAdd(-step, count - first - 1, end);
            values[i] = origin + (lane * step);
        }

        return values;
    }

    private static float[] Map(float[] values, Func<float, float> map) => Array.ConvertAll(values, v => map(v));
}
