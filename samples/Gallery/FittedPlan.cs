namespace Acceleration.Gallery;

/// <summary>What <c>acceleration fit forecast</c> fitted to the sample networks (plans/README.md has the commands): on seeds from 1,000,000 on, none of which is shown.</summary>
internal static class FittedPlan
{
    /// <summary>A sampler by a plan beside the program. A comparison counts broken pictures, and goes on.</summary>
    /// <exception cref="PlanException">The plan is missing, malformed or of another network.</exception>
    public static Sampler Sampler(IDenoiser network, string name) =>
        Acceleration.Sampler.For(network).Plan(Load(name)).OnNonFinite(NonFinite.Ignore).Build();

    /// <summary>The forecast of a plan alone, for a sampler of the same solver, steps and guidance.</summary>
    public static FittedForecast Strategy(string name) => Load(name).Guidance.OfType<FittedForecast>().Single();

    private static AccelerationPlan Load(string name) => AccelerationPlan.Load(Path.Combine(AppContext.BaseDirectory, "plans", $"{name}.json"));
}
