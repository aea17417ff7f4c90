using System.Diagnostics;

namespace Acceleration.Policy;

/// <summary>How often a single robot can be given a new plan.</summary>
internal static class ControlRate
{
    private const int Rounds = 8;
    private const int Warmup = 2;
    private const int FewestPlans = 4;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.5);

    /// <summary>Milliseconds of a plan for each sampler: medians over some seconds, in turns of half a second, so that what disturbs the machine for a while disturbs all alike.</summary>
    public static IReadOnlyList<double> Milliseconds(IReadOnlyList<Sampler> samplers, CancellationToken cancellation)
    {
        var robot = new Robot(Scene.Of(0));
        (Controller Controller, List<double> Times)[] all = [.. samplers.Select(s => (new Controller(s), new List<double>()))];
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (controller, times) in all)
            {
                var whole = Stopwatch.StartNew();
                for (var i = 0; i < Warmup + FewestPlans || whole.Elapsed < Turn; i++)
                {
                    var one = Stopwatch.StartNew();
                    controller.Plan([robot], [i], cancellation);
                    if (i >= Warmup)
                    {
                        times.Add(one.Elapsed.TotalMilliseconds);
                    }
                }
            }
        }

        return [.. all.Select(a => a.Times.Order().ElementAt(a.Times.Count / 2))];
    }
}
