namespace Acceleration;

/// <summary>
/// Flow noise levels of the published solvers, descending and without the final 0. They differ between solvers on purpose: the first level is 1 for
/// flow Euler, slightly below for the multistep solvers, which need ln(α/σ) there.
/// </summary>
public static class FlowSigmas
{
    private const double UniPcMargin = 1e-6;

    /// <summary>DPM-Solver and DEIS; the network is told trunc(σ·T).</summary>
    /// <param name="steps">N, at least 1.</param>
    /// <param name="shift">f.</param>
    /// <param name="trainSteps">T, at least 1.</param>
    public static double[] DpmSolver(int steps, FlowShift shift, int trainSteps = 1000)
    {
        Require(steps, shift, trainSteps);
        var sigmas = Array.ConvertAll(NumericRange.Linspace(1, 1.0 / trainSteps, steps + 1), a => shift.Apply(1 - a));
        Array.Reverse(sigmas);
        return sigmas[..^1];
    }

    /// <summary>UniPC; the network is told trunc(σ·T).</summary>
    /// <param name="steps">N, at least 1.</param>
    /// <param name="shift">f.</param>
    /// <param name="shiftTerminal">The last level after stretching, or null for none; see <see cref="StretchToTerminal"/>.</param>
    /// <param name="trainSteps">T, at least 1.</param>
    public static double[] UniPc(int steps, FlowShift shift, double? shiftTerminal = null, int trainSteps = 1000)
    {
        Require(steps, shift, trainSteps);
        return UniPc(NumericRange.Linspace(1, 1.0 / trainSteps, steps + 1)[..^1], shift, shiftTerminal);
    }

    /// <summary>UniPC, through levels that a pipeline gives.</summary>
    /// <param name="levels">Descending, above 0 and at most 1.</param>
    /// <param name="shift">f.</param>
    /// <param name="shiftTerminal">As in the other one.</param>
    public static double[] UniPc(double[] levels, FlowShift shift, double? shiftTerminal = null)
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(shift);
        var sigmas = Array.ConvertAll(levels, shift.Apply);
        if (shiftTerminal is { } terminal)
        {
            sigmas = StretchToTerminal(sigmas, terminal);
        }

        if (sigmas.Length > 0 && Math.Abs(sigmas[0] - 1) < UniPcMargin)
        {
            sigmas[0] -= UniPcMargin;
        }

        return sigmas;
    }

    /// <summary>Stretches 1 − σ so that the last level becomes <paramref name="terminal"/>; a level of 1 stays.</summary>
    /// <param name="sigmas">Descending levels; the last one below 1.</param>
    /// <param name="terminal">The last level wanted, from 0 and below 1.</param>
    /// <exception cref="ArgumentException">There is nothing to stretch: the last level is 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The terminal level is outside its range.</exception>
    public static double[] StretchToTerminal(double[] sigmas, double terminal)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        if (!(terminal >= 0 && terminal < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(terminal), terminal, "The terminal noise level is from 0 and below 1.");
        }

        if (sigmas.Length == 0 || !(sigmas[^1] < 1))
        {
            throw new ArgumentException("Stretching to a terminal noise level needs a last level below 1; take more steps.", nameof(sigmas));
        }

        var scale = (1 - sigmas[^1]) / (1 - terminal);
        return Array.ConvertAll(sigmas, s => 1 - ((1 - s) / scale));
    }

    private static void Require(int steps, FlowShift shift, int trainSteps)
    {
        ArgumentNullException.ThrowIfNull(shift);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(trainSteps, 1);
    }
}
