using System.Collections.Immutable;

namespace Acceleration;

/// <summary>
/// Schedules of rectified flows, x = (1 − σ)·x0 + σ·ε, for flow Euler. The network is told σ·T; the last step arrives at σ = 0.
/// </summary>
public static class FlowSchedule
{
    /// <summary>The default noise levels: uniform from 1 to the smallest one of training, then shifted.</summary>
    /// <remarks>
    /// A static shift is applied twice at the lower end, as in the reference: the smallest level of training is shifted, and so are all levels made
    /// from it (f = 3: 0.002994, then 0.008929). Pipelines avoid that with <see cref="FromSigmas"/> of 1, ..., 1/N.
    /// </remarks>
    /// <param name="steps">N, 1..T.</param>
    /// <param name="shift">f; null for none.</param>
    /// <param name="shiftTerminal">The last level after stretching, or null for none; see <see cref="FlowSigmas.StretchToTerminal"/>.</param>
    /// <param name="shape">Plain, or another distribution between the first and the last level.</param>
    /// <param name="invertSigmas">
    /// For networks that count the clean share and predict x0 − ε (Mochi): σ becomes 1 − σ and ends at 1. In such a schedule x0 and ε change places.
    /// </param>
    /// <param name="trainSteps">T, at least 1.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public static Schedule Make(
        int steps, FlowShift? shift = null, double? shiftTerminal = null, SigmaShape shape = SigmaShape.Plain, bool invertSigmas = false, int trainSteps = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainSteps, 1);
        if (steps < 1 || steps > trainSteps)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"Between 1 and {trainSteps} steps can be taken.");
        }

        shift ??= FlowShift.None;
        var smallest = 1f / trainSteps;
        var lowest = shift.IsDynamic ? smallest : (float)shift.Apply(smallest);
        var levels = NumericRange.Linspace(trainSteps, (double)lowest * trainSteps, steps);
        return Build(Array.ConvertAll(levels, u => u / trainSteps), shift, shiftTerminal, shape, invertSigmas, trainSteps);
    }

    /// <summary>Noise levels given by a pipeline, to which shift, stretch and shape are applied.</summary>
    /// <param name="sigmas">At least one, strictly descending, above 0 and at most 1.</param>
    /// <param name="shift">f; null for none.</param>
    /// <param name="shiftTerminal">As in <see cref="Make"/>.</param>
    /// <param name="shape">As in <see cref="Make"/>.</param>
    /// <param name="invertSigmas">As in <see cref="Make"/>.</param>
    /// <param name="trainSteps">T, at least 1.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public static Schedule FromSigmas(
        ReadOnlySpan<double> sigmas,
        FlowShift? shift = null,
        double? shiftTerminal = null,
        SigmaShape shape = SigmaShape.Plain,
        bool invertSigmas = false,
        int trainSteps = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainSteps, 1);
        if (sigmas.IsEmpty)
        {
            throw new ArgumentException("A schedule needs at least one noise level.", nameof(sigmas));
        }

        for (var k = 0; k < sigmas.Length; k++)
        {
            if (!(sigmas[k] > 0 && sigmas[k] <= (k == 0 ? 1 : sigmas[k - 1]) && (k == 0 || sigmas[k] < sigmas[k - 1])))
            {
                throw new ArgumentException(FormattableString.Invariant($"Flow noise levels descend from at most 1 and stay above 0; level {k} is {sigmas[k]}{(k == 0 ? "" : FormattableString.Invariant($" after {sigmas[k - 1]}"))}."), nameof(sigmas));
            }
        }

        return Build(sigmas.ToArray(), shift ?? FlowShift.None, shiftTerminal, shape, invertSigmas, trainSteps);
    }

    private static Schedule Build(double[] levels, FlowShift shift, double? shiftTerminal, SigmaShape shape, bool invertSigmas, int trainSteps)
    {
        var sigmas = Array.ConvertAll(levels, shift.Apply);
        if (shiftTerminal is { } terminal)
        {
            sigmas = FlowSigmas.StretchToTerminal(sigmas, terminal);
        }

        if (shape != SigmaShape.Plain)
        {
            sigmas = Sigmas.Between(shape, sigmas[0], sigmas[^1], sigmas.Length);
        }

        var points = ImmutableArray.CreateBuilder<GridPoint>(sigmas.Length + 1);
        foreach (var level in sigmas)
        {
            var sigma = invertSigmas ? 1 - (float)level : (float)level;
            points.Add(GridPoints.Flow(sigma * trainSteps, sigma));
        }

        points.Add(invertSigmas ? GridPoints.Flow(trainSteps, 1) : GridPoints.Flow(0, 0));
        return Schedule.Through(shape == SigmaShape.Plain ? "flow" : $"flow-{shape.ToString().ToLowerInvariant()}", points.MoveToImmutable(), NetworkClock.Flow);
    }
}
