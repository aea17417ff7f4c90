using System.Collections.Immutable;

namespace Acceleration;

/// <summary>
/// The noise levels a variance-preserving network was trained on, index 0 (cleanest) to T − 1 (noisiest): x_t = √ᾱ_t·x0 + √(1 − ᾱ_t)·ε.
/// Immutable, float32 as in the published schedulers.
/// </summary>
public sealed class NoiseTable
{
    /// <summary>ᾱ_T−1 of <see cref="WithFiniteTerminalSnr"/>: S is then 4096.</summary>
    private const float SmallestAlphaBar = 1f / (1 << 24);

    private NoiseTable(ImmutableArray<float> betas, ImmutableArray<float> alphaBars)
    {
        Betas = betas;
        AlphaBars = alphaBars;
        SigmaRatios = ImmutableArray.CreateRange(alphaBars, static a => MathF.Sqrt((1 - a) / a));
    }

    /// <summary>T, the number of training steps.</summary>
    public int TrainSteps => AlphaBars.Length;

    /// <summary>β_t.</summary>
    public ImmutableArray<float> Betas { get; }

    /// <summary>ᾱ_t = Π(1 − β), not increasing; the last is 0 at zero terminal SNR.</summary>
    public ImmutableArray<float> AlphaBars { get; }

    /// <summary>S_t = √((1 − ᾱ_t)/ᾱ_t), the noise level of sigma-space solvers; the last is infinite at zero terminal SNR.</summary>
    public ImmutableArray<float> SigmaRatios { get; }

    /// <summary>Makes one of the published tables.</summary>
    /// <param name="schedule">Shape of β.</param>
    /// <param name="betaStart">First β, above 0; of no effect for shapes without a start.</param>
    /// <param name="betaEnd">Last β, below 1 and not below <paramref name="betaStart"/>.</param>
    /// <param name="trainSteps">T, at least 1 (2 with <paramref name="zeroTerminalSnr"/>).</param>
    /// <param name="zeroTerminalSnr">Rescales so that ᾱ of the last step is 0 (Lin et al., 2023); needs a network that predicts v or the sample.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static NoiseTable Make(
        BetaSchedule schedule, double betaStart = 1e-4, double betaEnd = 0.02, int trainSteps = 1000, bool zeroTerminalSnr = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainSteps, 1);
        if (!(betaStart > 0 && betaStart <= betaEnd && betaEnd < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(betaStart), FormattableString.Invariant($"Betas run from above 0 to below 1, not from {betaStart} to {betaEnd}."));
        }

        return FromBetas(BetaTables.Make(schedule, betaStart, betaEnd, trainSteps), zeroTerminalSnr);
    }

    /// <summary>Takes trained β as they are.</summary>
    /// <param name="betas">β_t, each above 0 and below 1 (the last may be 1).</param>
    /// <param name="zeroTerminalSnr">As in <see cref="Make"/>.</param>
    /// <exception cref="ArgumentException">No or too few values, or one outside its range.</exception>
    public static NoiseTable FromBetas(ReadOnlySpan<float> betas, bool zeroTerminalSnr = false)
    {
        if (betas.Length < (zeroTerminalSnr ? 2 : 1))
        {
            throw new ArgumentException($"{betas.Length} betas do not make a table{(zeroTerminalSnr ? " with zero terminal SNR" : "")}.", nameof(betas));
        }

        for (var t = 0; t < betas.Length; t++)
        {
            if (!(betas[t] > 0 && (betas[t] < 1 || (betas[t] == 1 && t == betas.Length - 1))))
            {
                throw new ArgumentException(FormattableString.Invariant($"Beta {t} is {betas[t]}; it must lie between 0 and 1."), nameof(betas));
            }
        }

        ReadOnlySpan<float> used = zeroTerminalSnr ? BetaTables.RescaleToZeroTerminalSnr(betas) : betas;
        return new([.. used], [.. BetaTables.AlphaBars(used)]);
    }

    /// <summary>This table with an ᾱ of 2⁻²⁴ (S = 4096) for a last one that is 0, as sigma-space solvers need it; else the table itself.</summary>
    public NoiseTable WithFiniteTerminalSnr() =>
        AlphaBars[^1] > 0 ? this : new(Betas, AlphaBars.SetItem(TrainSteps - 1, SmallestAlphaBar));

    /// <summary>This table with ᾱ/(s + (1 − s)·ᾱ) for each ᾱ, then, where it shall end in pure noise, with √ᾱ moved and stretched so that the last one is 0 and the first stays.</summary>
    /// <param name="shift">s, above 0; 1 for none.</param>
    /// <param name="toZero">Whether the last ᾱ becomes 0.</param>
    internal NoiseTable Moved(double shift, bool toZero)
    {
        if (toZero && TrainSteps < 2)
        {
            throw new ArgumentException("A table of one level does not end in pure noise.", nameof(toZero));
        }

        var product = 1.0;
        double[] roots = [.. Betas.Select(b => Math.Sqrt((product *= 1 - (double)b) / (shift + ((1 - shift) * product))))];
        var (first, last) = (roots[0], toZero ? roots[^1] : 0);
        float[] bars = [.. roots.Select(r => (r - last) * (first / (first - last))).Select(r => (float)(r * r))];
        return new([.. bars.Select((a, t) => 1 - (a / (t == 0 ? 1 : bars[t - 1])))], [.. bars]);
    }

    /// <summary>The noise level of training step <paramref name="t"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="t"/> is not in 0..T − 1.</exception>
    public GridPoint At(long t) => t >= 0 && t < TrainSteps
        ? new(t, MathF.Sqrt(AlphaBars[(int)t]), MathF.Sqrt(1 - AlphaBars[(int)t]))
        : throw new ArgumentOutOfRangeException(nameof(t), t, $"Training steps run from 0 to {TrainSteps - 1}.");
}
