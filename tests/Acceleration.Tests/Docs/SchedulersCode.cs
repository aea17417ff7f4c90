namespace Acceleration.Tests.Docs;

/// <summary>The code of docs/schedulers.md.</summary>
internal static class SchedulersCode
{
    public static void Run(IDenoiser network)
    {
        var scheduler = Scheduler.FromFile("scheduler_config.json");
        var sampler = Sampler.For(network).Solve(scheduler, steps: 20).Build();
        Console.WriteLine($"{scheduler.ClassName}: {sampler.Tag}; of no influence here: {string.Join(", ", scheduler.Foreign)}");
    }

    public static Sampler Consistency(IDenoiser network, string json)
    {
        var call = new SchedulerCall(Steps: 2) { Strength = 0.5 };
        var imageToImage = Sampler.For(network).Solve(Scheduler.FromConfig(json, "LCMScheduler"), call).Build();
        return imageToImage;
    }

    public static IReadOnlyList<Sampler> Aligned(IDenoiser network)
    {
        var aligned = Sampler.For(network).Solve(new DpmSolver(2), new AlignYourStepsGrid(10)).Build();
        var inSigmaSpace = Sampler.For(network).Solve(new Heun(), new AlignYourStepsGrid(10) { Model = AlignYourStepsModel.StableDiffusionXL, SigmaSpace = true }).Build();
        return [aligned, inSigmaSpace];
    }
}
