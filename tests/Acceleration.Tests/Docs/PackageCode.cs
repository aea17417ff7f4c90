namespace Acceleration.Tests.Docs;

/// <summary>The code of the page that the package <c>Acceleration</c> is shown with.</summary>
internal static class PackageCode
{
    public static async Task RunAsync()
    {
        // Any function is a network: yours calls its module here.
        using var network = Denoiser.From(
            new DenoiserInfo { Name = "mine", Prediction = PredictionType.Flow, SampleSize = [4, 32, 32] },
            (latents, timestep, condition) => latents * (timestep / 1000).view(-1, 1, 1, 1));

        var sampler = Sampler.For(network).FlowEuler(steps: 50).Use(new IntervalForecast(3)).Build();

        using var result = await sampler.GenerateAsync(samples: 4, seed: 1);
        Console.WriteLine($"{result.Trace.Evaluations:0} network evaluations instead of {result.Trace.FullEvaluations:0}");
    }
}
