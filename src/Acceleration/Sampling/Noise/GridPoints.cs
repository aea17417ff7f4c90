namespace Acceleration;

/// <summary>Grid points from the noise levels that schedules compute in double.</summary>
public static class GridPoints
{
    /// <summary>α² + σ² = 1 with σ/α = S.</summary>
    /// <param name="time">What the network is told.</param>
    /// <param name="ratio">S, finite and not negative.</param>
    public static GridPoint VariancePreserving(double time, double ratio)
    {
        var s = (float)ratio;
        var alpha = 1 / MathF.Sqrt((s * s) + 1);
        return new(time, alpha, s * alpha);
    }

    /// <summary>α = 1: the latents are the clean sample with noise of deviation σ.</summary>
    /// <param name="time">What the network is told.</param>
    /// <param name="sigma">σ, finite and not negative.</param>
    public static GridPoint VarianceExploding(double time, double sigma) => new(time, 1, (float)sigma);

    /// <summary>α = 1 − σ.</summary>
    /// <param name="time">What the network is told.</param>
    /// <param name="sigma">σ, 0..1.</param>
    public static GridPoint Flow(double time, double sigma) => new(time, 1 - (float)sigma, (float)sigma);
}
