namespace Acceleration;

/// <summary>
/// TeaCache's calibration (Liu et al., 2024, arXiv 2411.19108): by how much a signal that a network publishes, and its output, change from step to step, relative to the step before. <see cref="ChangePolynomial"/> is fitted to the pairs.
/// Taken on the conditional branch, which decides.
/// </summary>
/// <param name="signal">The signal.</param>
public sealed class RecordedSignals(Signal signal = Signal.ModulatedInput) : ITrajectoryStatistic
{
    private const int Published = 4;
    private readonly List<(double[] Signal, double[] Output)> _runs = [];

    /// <summary>The signal.</summary>
    public Signal On => signal;

    /// <inheritdoc/>
    public IReadOnlyList<RecordedPlace> Places => [new(Where.Chain) { Output = false, Signals = [signal], LookBack = 1 }, new(Where.Network) { LookBack = 1 }];

    /// <summary>Changes of the signal and of the output, step by step from the second one on, of one trajectory behind the other.</summary>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public IReadOnlyList<(double Signal, double Output)> Pairs =>
        _runs.Count == 0 ? throw new InvalidOperationException("Nothing was recorded yet.") : [.. _runs.SelectMany(r => r.Signal.Zip(r.Output))];

    /// <inheritdoc/>
    public ITrajectory? Begin(RunInfo run, RowId row) => row.Branch == Branch.Conditional ? new Trajectory(signal, _runs) : null;

    /// <summary>The polynomial, highest power first.</summary>
    /// <param name="degree">Degree, 0 to 8; published 4.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    /// <exception cref="ArgumentException">So few changes differ that the coefficients are not determined.</exception>
    public IReadOnlyList<double> Coefficients(int degree = Published) => ChangePolynomial.Fit([.. Pairs.Select(p => p.Signal)], [.. Pairs.Select(p => p.Output)], degree);

    /// <summary>The method with this polynomial.</summary>
    /// <param name="threshold">τ, at least 0.</param>
    /// <param name="degree">Degree of the polynomial.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    /// <exception cref="ArgumentException">The coefficients are not determined.</exception>
    public TeaCache Fit(double threshold, int degree = Published) => new(threshold, Coefficients(degree)) { On = signal, Clamps = true };

    /// <summary>The method with the smallest threshold with which the recorded trajectories compute, on average, no more than so many steps.</summary>
    /// <param name="computed">Most computed steps.</param>
    /// <param name="degree">Degree of the polynomial.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    /// <exception cref="ArgumentException">The coefficients are not determined, or no threshold computes so few.</exception>
    public TeaCache FitTo(int computed, int degree = Published)
    {
        var steps = Pairs.Count / _runs.Count;
        var method = Fit(0, degree);
        return method with { Threshold = Thresholds.ForBudget(computed, steps + 1, t => (int)Math.Ceiling(Computed(method with { Threshold = t }))) };
    }

    /// <summary>Steps that a method would compute on the recorded trajectories, on average. In a run its own reuse moves the signal, so that it may compute others.</summary>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public double Computed(TeaCache method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return _runs.Count == 0 ? throw new InvalidOperationException("Nothing was recorded yet.") : _runs.Average(r => Computed(method, r.Signal));
    }

    private static int Computed(TeaCache method, double[] signal)
    {
        var (computed, sum) = (0, 0.0);
        for (var step = 0; step <= signal.Length; step++)
        {
            var change = step == 0 ? 0 : ChangePolynomial.At(method.Coefficients, signal[step - 1]);
            sum += method.Clamps ? Math.Max(0, change) : change;
            if (step < method.Warmup || step > signal.Length - method.Tail || !(sum < method.Threshold))
            {
                (computed, sum) = (computed + 1, 0);
            }
        }

        return computed;
    }

    private sealed class Trajectory(Signal signal, List<(double[] Signal, double[] Output)> runs) : ITrajectory
    {
        private readonly List<double> _signal = [];
        private readonly List<double> _output = [];
        private int _chain = -1;

        public void See(in RecordedValue value)
        {
            if (value.Step.Index == 0)
            {
                // Networks of several chains publish for the first one.
                _chain = _chain < 0 && value.Place == 0 ? value.Site.Index : _chain;
            }
            else if (value.Place == 1)
            {
                _output.Add(Vectors.Change(value.Output(), value.Output(1)));
            }
            else if (value.Site.Index == _chain)
            {
                _signal.Add(Vectors.Change(value.Signal(signal), value.Signal(signal, 1)));
            }
        }

        public void Complete() => runs.Add(([.. _signal], [.. _output]));
    }
}
