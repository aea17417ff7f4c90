namespace Acceleration.Policy;

/// <summary>Runs episodes side by side: one batch of plans for all robots that are still on their way.</summary>
internal static class Rollouts
{
    /// <summary>Runs all to their end.</summary>
    /// <returns>The robots, in the order of the episodes.</returns>
    public static IReadOnlyList<Robot> Run(Controller controller, IReadOnlyList<Episode> episodes, CancellationToken cancellation)
    {
        Robot[] robots = [.. episodes.Select(e => new Robot(e.Scene))];
        for (var plan = 0; ; plan++)
        {
            int[] running = [.. Enumerable.Range(0, robots.Length).Where(i => robots[i].Outcome == Outcome.Running)];
            if (running.Length == 0)
            {
                return robots;
            }

            var plans = controller.Plan([.. running.Select(i => robots[i])], [.. running.Select(i => episodes[i].PlanSeed(plan))], cancellation);
            foreach (var (i, actions) in running.Zip(plans))
            {
                foreach (var action in actions)
                {
                    robots[i].Step(action);
                }
            }
        }
    }
}
