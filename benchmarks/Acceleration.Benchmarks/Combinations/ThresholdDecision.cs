namespace Acceleration.Benchmarks;

/// <summary>A measured decision: the threshold is searched for that just reaches each speed-up, beginning where the last approximation had it.</summary>
/// <param name="name">Row of the map.</param>
/// <param name="at">Makes the combination.</param>
/// <param name="of">Makes the decision of a threshold.</param>
/// <param name="first">The threshold that is tried first of all.</param>
internal sealed class ThresholdDecision(string name, Func<IWhen, IHow, Cached> at, Func<double, IWhen> of, double first) : CombinationDecision(name, at)
{
    private const int Tries = 6;

    // Closer than this to the speed-up, or between thresholds, there is nothing left to gain.
    private const double CloseEnough = 1.06;
    private const double Apart = 1.02;
    private static readonly double[] Targets = [2, 3, 4];
    private readonly Dictionary<double, double> _near = [];

    public override void Sweep(IReadOnlyList<double> made, Func<IWhen, double> run)
    {
        var tried = new SortedDictionary<double, double>();
        foreach (var target in Targets.Where(t => !made.Any(s => IsClose(s, t))))
        {
            for (var i = 0; i < Tries && Next(tried, target) is { } threshold; i++)
            {
                tried[threshold] = run(of(threshold));
            }

            if (Enough(tried, target) is var enough && double.IsFinite(enough))
            {
                _near[target] = enough;
            }
        }
    }

    private static bool IsClose(double speedup, double target) => speedup >= target && speedup <= target * CloseEnough;

    /// <summary>The least threshold that spares enough, infinite where none is known.</summary>
    private static double Enough(SortedDictionary<double, double> tried, double target) => tried.Where(t => t.Value >= target).Select(t => t.Key).DefaultIfEmpty(double.PositiveInfinity).Min();

    /// <summary>The next threshold to try for a speed-up; null where one is close enough.</summary>
    private double? Next(SortedDictionary<double, double> tried, double target)
    {
        var enough = Enough(tried, target);
        var little = tried.Keys.Where(t => t < enough).DefaultIfEmpty(0).Max();
        if (double.IsFinite(enough) && (IsClose(tried[enough], target) || enough / little < Apart))
        {
            return null;
        }

        if (_near.TryGetValue(target, out var near) && near > little && near < enough)
        {
            return near;
        }

        var stride = _near.ContainsKey(target) ? 1.2 : 1.7;
        var next = Rounded(
            tried.Count == 0 ? first
            : double.IsInfinity(enough) ? little * stride
            : little == 0 ? enough / stride
            : Math.Sqrt(little * enough));
        return tried.ContainsKey(next) ? null : next;
    }

    /// <summary>To three digits: a tag is to be read.</summary>
    private static double Rounded(double x)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(x)) - 2);
        return Math.Round(Math.Round(x / unit) * unit, 12);
    }
}
