namespace Acceleration.Tests.Docs;

/// <summary>The code of docs/plans.md.</summary>
internal static class PlansCode
{
    public static void Run(IDenoiser network)
    {
        var plan = AccelerationPlan.Parse("ddim50+CFG2+EC0.05");         // or AccelerationPlan.Load("plan.json")
        var sampler = Sampler.For(network).Plan(plan).Build();
        Console.WriteLine(sampler.Tag);                                  // ddim50+CFG2+EC0.05
        sampler.ToPlan().Save("plan.json");
    }
}
