namespace Acceleration.Gallery;

/// <summary>What <c>acceleration calibrate</c> fitted to the sample networks (results/README.md has the commands): on other seeds than are shown.</summary>
internal static class CalibratedPlan
{
    /// <summary>The strategy of a plan beside the program.</summary>
    /// <exception cref="PlanException">The plan is missing, malformed or of another strategy.</exception>
    public static T Strategy<T>(string name) where T : IStrategy
    {
        var path = Path.Combine(AppContext.BaseDirectory, "results", $"{name}.json");
        return AccelerationPlan.Load(path).Strategies is [T strategy] ? strategy : throw new PlanException("strategies", $"{path} is no plan of {typeof(T).Name} alone.");
    }
}
