using System.Collections.Immutable;

namespace Acceleration;

/// <summary>Schedules of DDIM: whole training steps of a <see cref="NoiseTable"/>.</summary>
public static class DdimSchedule
{
    /// <summary>The published schedule.</summary>
    /// <param name="table">Noise levels.</param>
    /// <param name="steps">N, 1..T.</param>
    /// <param name="spacing">How timesteps are picked.</param>
    /// <param name="stepsOffset">Added to leading timesteps (1 for Stable Diffusion).</param>
    /// <param name="setAlphaToOne">The last step arrives at the clean sample; else at the first training step's noise level.</param>
    /// <param name="strict">
    /// Every step arrives where the next one starts. Off, it arrives T div N training steps lower, as the reference does whatever the spacing: with
    /// trailing spacing and N = 6 the first step goes from 999 to 833, and the network then sees 832.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static Schedule Make(
        NoiseTable table,
        int steps,
        TimestepSpacing spacing = TimestepSpacing.Leading,
        int stepsOffset = 0,
        bool setAlphaToOne = true,
        bool strict = false)
    {
        ArgumentNullException.ThrowIfNull(table);
        var name = $"ddim-{spacing.ToString().ToLowerInvariant()}";
        var timesteps = Timesteps.Ddim(table.TrainSteps, steps, spacing, stepsOffset);
        if (strict)
        {
            return Through(name, table, timesteps, setAlphaToOne);
        }

        var stride = table.TrainSteps / steps;
        var end = End(table, setAlphaToOne);
        return new(
            name,
            [.. timesteps.Select(table.At)],
            [.. timesteps.Select(t => t >= stride ? table.At(t - stride) : end)])
        { Clock = NetworkClock.TrainingStep };
    }

    /// <summary>A schedule through any timesteps: searched, published as a list, or of <see cref="LogSnrTimesteps"/>.</summary>
    /// <param name="name">Short name for reports.</param>
    /// <param name="table">Noise levels.</param>
    /// <param name="timesteps">At least one, strictly descending, in 0..T − 1.</param>
    /// <param name="setAlphaToOne">As in <see cref="Make"/>.</param>
    /// <exception cref="ArgumentException">No timesteps, or they do not descend.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A timestep is not in the table.</exception>
    public static Schedule Through(string name, NoiseTable table, ReadOnlySpan<long> timesteps, bool setAlphaToOne = true)
    {
        ArgumentNullException.ThrowIfNull(table);
        var points = ImmutableArray.CreateBuilder<GridPoint>(timesteps.Length + 1);
        for (var k = 0; k < timesteps.Length; k++)
        {
            if (k > 0 && timesteps[k] >= timesteps[k - 1])
            {
                throw new ArgumentException(FormattableString.Invariant($"Schedule {name}: timestep {k} is {timesteps[k]} and follows {timesteps[k - 1]}; timesteps descend."), nameof(timesteps));
            }

            points.Add(table.At(timesteps[k]));
        }

        points.Add(End(table, setAlphaToOne));
        return Schedule.Through(name, points.MoveToImmutable(), NetworkClock.TrainingStep);
    }

    private static GridPoint End(NoiseTable table, bool setAlphaToOne) => setAlphaToOne ? new(0, 1, 0) : table.At(0);
}
