using System.Collections.Immutable;

namespace Acceleration;

/// <summary>
/// Training steps of a variance-preserving network as PNDM picks them, with the levels that <see cref="Pndm"/> visits within its first steps. Every step arrives T div N training steps lower, whatever the spacing, as in the
/// reference; only the first ones, which have levels within, arrive where the next one starts.
/// </summary>
/// <param name="Steps">N, 1..train steps; at least 4 with <see cref="RungeKutta"/>. Network calls are one more for N above 1, with Runge and Kutta nine more.</param>
[Entry("pndm", "pndmgrid")]
public sealed record PndmGrid(int Steps) : IGrid
{
    private const int RungeKuttaSteps = 3;

    /// <summary>N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Steps { get; init => field = Require.StepsOf<PndmGrid>(value); } = Require.StepsOf<PndmGrid>(Steps);

    /// <summary>How timesteps are picked.</summary>
    [InTag]
    public TimestepSpacing Spacing { get; init; } = TimestepSpacing.Leading;

    /// <summary>Added to leading timesteps (1 for Stable Diffusion).</summary>
    [InTag("o")]
    [AtLeast(0)]
    public int Offset { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Whether the last step arrives at the clean sample; else at the first training step's noise level.</summary>
    [InTag("first")]
    public bool EndsClean { get; init; } = true;

    /// <summary>Whether the first three steps are of Runge and Kutta, with four calls each, as published; else the first one has two calls (Stable Diffusion).</summary>
    [InTag("rk")]
    public bool RungeKutta { get; init; }

    /// <inheritdoc/>
    public Schedule On(DenoiserInfo network)
    {
        var table = TrainingSteps.Of(network);
        if (RungeKutta && Steps <= RungeKuttaSteps)
        {
            throw new ArgumentException($"PNDM begins with {RungeKuttaSteps} steps of Runge and Kutta, so it takes at least {RungeKuttaSteps + 1} steps, not {Steps}; without {nameof(RungeKutta)} fewer are possible.");
        }

        var times = Timesteps.Ddim(table.TrainSteps, Steps, Spacing, Offset);
        var stride = table.TrainSteps / Steps;
        var end = EndsClean ? new GridPoint(0, 1, 0) : table.At(0);
        var first = RungeKutta ? RungeKuttaSteps : Math.Min(1, Steps - 1);
        return new(
            $"pndm-{Spacing.ToString().ToLowerInvariant()}",
            [.. times.Select(table.At)],
            [.. times.Select((t, k) => k < first ? table.At(times[k + 1]) : t >= stride ? table.At(t - stride) : end)])
        {
            Clock = NetworkClock.TrainingStep,
            InnerPoints = [.. Enumerable.Range(0, first).Select(k => Within(table, times[k], times[k + 1], stride))],
        };
    }

    private ImmutableArray<GridPoint> Within(NoiseTable table, long from, long to, int stride) => RungeKutta
        ? [table.At(from - (stride / 2)), table.At(to + (stride / 2)), table.At(to)]
        : [table.At(from - stride), table.At(to + stride)];
}
