namespace Acceleration;

/// <summary>Timesteps of latent consistency models (Luo et al., 2023): a few of those the model was distilled on.</summary>
public static class LcmTimesteps
{
    /// <summary>Picks evenly by position, starting at the noisiest one.</summary>
    /// <param name="trainSteps">T, at least <paramref name="originalSteps"/>.</param>
    /// <param name="steps">N, from 1 to the number of distilled timesteps that <paramref name="strength"/> leaves.</param>
    /// <param name="originalSteps">Timesteps used in distillation, at least 1.</param>
    /// <param name="strength">Share of them in use, above 0 and at most 1; below 1 for image-to-image.</param>
    /// <returns>N timesteps, descending.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static long[] Make(int trainSteps, int steps, int originalSteps = 50, double strength = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(originalSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(trainSteps, originalSteps);
        if (!(strength > 0 && strength <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(strength), strength, "Strength is above 0 and at most 1.");
        }

        var distilled = (int)(originalSteps * strength);
        if (steps < 1 || steps > distilled)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"Between 1 and {distilled} of the distilled steps can be taken.");
        }

        var stride = trainSteps / originalSteps;
        return Array.ConvertAll(
            NumericRange.Linspace(0, distilled, steps, endpoint: false), i => ((distilled - (long)i) * stride) - 1);
    }
}
