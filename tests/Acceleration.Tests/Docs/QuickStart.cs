using Acceleration.Models;

namespace Acceleration.Tests.Docs;

/// <summary>The code at the head of the README, and of the page of <c>Acceleration.Models</c>.</summary>
internal static class QuickStart
{
    public static async Task RunAsync()
    {
        using var dit = DiT.Load("fashion-dit.safetensors");

        var sampler = Sampler.For(dit)
            .Ddim(steps: 50)
            .Guidance(scale: 2)
            .Use(new StepForecast([0, 3, 11, 18, 26, 34, 41, 47], Order: 2))
            .Build();

        using var result = await sampler.GenerateAsync(labels: [0, 3, 7], seed: 1);
        Console.WriteLine($"{result.Trace.Evaluations:0.0} network evaluations instead of {result.Trace.FullEvaluations}");
    }
}
