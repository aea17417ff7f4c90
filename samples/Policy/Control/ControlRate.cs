using System.Diagnostics;

namespace Acceleration.Policy;

/// <summary>How often a single robot can be given a new plan.</summary>
internal static class ControlRate
{
    private const int Warmup = 3;
    private const int FewestPlans = 15;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4);

    /// <summary>Milliseconds of a plan: median over some seconds.</summary>
    public static double Milliseconds(Sampler sampler, CancellationToken cancellation)
    {
        var (controller, robot) = (new Controller(sampler), new Robot(Scene.Of(0)));
        var times = new List<double>();
        var whole = Stopwatch.StartNew();
        for (var i = 0; i < Warmup + FewestPlans || whole.Elapsed < Budget; i++)
        {
            var one = Stopwatch.StartNew();
            controller.Plan([robot], [i], cancellation);
            if (i >= Warmup)
            {
                times.Add(one.Elapsed.TotalMilliseconds);
            }
        }

        times.Sort();
        return times[times.Count / 2];
    }
}
