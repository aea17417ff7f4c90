namespace Acceleration;

/// <summary>
/// ScalingCache's calibration (ICLR 2026; the fit is ours): how much of the line through the last two computed outputs should be followed one, two, ... steps later (<see cref="DampingFit"/>), where every so many steps are computed.
/// </summary>
/// <param name="where">Where outputs are reused.</param>
/// <param name="every">N: one computed step in every N, at least 2.</param>
/// <param name="warmup">Steps computed at the start, at least 2: a line needs two points.</param>
public sealed class RecordedDamping(Where where, int every = 3, int warmup = 3) : ITrajectoryStatistic
{
    private readonly Interval _when = new(Require.AtLeast(2, every, nameof(every)), Require.AtLeast(2, warmup, nameof(warmup)));
    private readonly DampingFit _fit = new(every - 1);
    private readonly double[] _sizes = new double[every - 1];
    private readonly double[] _left = new double[every - 1];

    /// <inheritdoc/>
    public IReadOnlyList<RecordedPlace> Places { get; } = [new(where) { LookBack = (2 * every) - 1 }];

    /// <summary>Squared error of outputs that are made with a factor, as a part of their squares, for 1, 2, ... steps since the last computed one; 0 repeats, 1 follows the line.</summary>
    /// <param name="factor">α for each.</param>
    public IReadOnlyList<double> Errors(Func<int, double> factor)
    {
        ArgumentNullException.ThrowIfNull(factor);
        return [.. _sizes.Select((size, i) => (_left[i] - (2 * factor(i) * _fit.Products[i]) + (factor(i) * factor(i) * _fit.Squares[i])) / size)];
    }

    /// <inheritdoc/>
    public ITrajectory Begin(RunInfo run, RowId row) => new Trajectory(this);

    /// <summary>α for 1, 2, ... steps since the last computed one.</summary>
    /// <param name="most">Largest factor.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded, or nothing in which the line goes anywhere.</exception>
    public IReadOnlyList<double> Factors(double most = 1.2) => _fit.Fit(most);

    /// <summary>The combination with these factors.</summary>
    /// <inheritdoc cref="Factors"/>
    public Cached Fit(double most = 1.2) => new(where, _when, new How(Quantity.Output, new Damped([.. Factors(most)]), Abscissa.Step));

    private sealed class Trajectory(RecordedDamping damping) : ITrajectory
    {
        private readonly DampingFit _fit = new(damping._sizes.Length);
        private readonly double[] _sizes = new double[damping._sizes.Length];
        private readonly double[] _left = new double[damping._sizes.Length];
        private float[] _line = [];

        public void See(in RecordedValue value)
        {
            var now = value.Step.Index;
            if (!damping._when.Skips(value.Step))
            {
                return;
            }

            var last = Before(value.Step, now);
            var (before, horizon) = (Before(value.Step, last), now - last);
            var y = value.Output();
            var y0 = value.Output(horizon);
            var y00 = value.Output(now - before);
            _line = _line.Length == y.Length ? _line : new float[y.Length];
            var slope = (double)horizon / (last - before);
            for (var i = 0; i < y.Length; i++)
            {
                _line[i] = (float)(y0[i] + (slope * ((double)y0[i] - y00[i])));
                var moved = (double)y[i] - y0[i];
                _left[horizon - 1] += moved * moved;
            }

            _sizes[horizon - 1] += Vectors.Dot(y, y);
            _fit.Add(horizon, y, y0, _line);
        }

        public void Complete()
        {
            damping._fit.Add(_fit);
            for (var i = 0; i < _sizes.Length; i++)
            {
                damping._sizes[i] += _sizes[i];
                damping._left[i] += _left[i];
            }
        }

        /// <summary>The newest computed step before another.</summary>
        private int Before(StepInfo step, int index)
        {
            do
            {
                index--;
            }
            while (damping._when.Skips(step.Other(index)));
            return index;
        }
    }
}
