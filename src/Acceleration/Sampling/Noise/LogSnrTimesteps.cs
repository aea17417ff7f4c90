namespace Acceleration;

/// <summary>
/// A spacing of this library's own, in no published scheduler: whole timesteps as uniform in log-SNR as distinct integers can be. High-order
/// solvers assume about equal steps in λ = ln(α/σ), which spacings uniform in the timestep are far from.
/// </summary>
public static class LogSnrTimesteps
{
    /// <summary>Timesteps from T − 1 to 0, both included (T − 1 alone for one step).</summary>
    /// <param name="table">Noise levels; at zero terminal SNR the last one counts as S = 4096.</param>
    /// <param name="steps">N, 1..T.</param>
    /// <returns>N timesteps, strictly descending.</returns>
    /// <exception cref="ArgumentOutOfRangeException">N is outside its range.</exception>
    public static long[] Make(NoiseTable table, int steps)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (steps < 1 || steps > table.TrainSteps)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"Between 1 and {table.TrainSteps} steps can be taken.");
        }

        var finite = table.WithFiniteTerminalSnr();
        var ratios = Sigmas.Exponential(finite.SigmaRatios[^1], finite.SigmaRatios[0], steps);
        return Timesteps.Nearest(finite, ratios);
    }
}
