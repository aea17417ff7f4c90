using static TorchSharp.torch;

namespace Acceleration.Tests.Reporting;

/// <summary>A network of one line on 12×12 pictures, whose output depends on time, picture and class.</summary>
internal static class ToyNetwork
{
    public const double Cost = 1000;

    public static DenoiserInfo Info { get; } = new()
    {
        Name = "toy",
        Prediction = PredictionType.Epsilon,
        SampleSize = [1, 12, 12],
        Noise = NoiseTable.Make(BetaSchedule.Linear),
        Sites = new(new CostModel(Cost)),
        Classes = 10,
    };

    public static IDenoiser Make(Action? called = null) => Denoiser.From(Info, (latents, timestep, condition) =>
    {
        called?.Invoke();
        var labels = condition["labels"].to(ScalarType.Float32) / 10;
        return (latents * 0.9f) + ((timestep / 1000f) * (timestep / 1000f) * labels).view(-1, 1, 1, 1).sin();
    });

    public static Sampler Sample(IDenoiser network, int steps, params IReadOnlyList<IStrategy> strategies)
    {
        var builder = Sampler.For(network).Ddim(steps);
        foreach (var strategy in strategies)
        {
            builder.Use(strategy);
        }

        return builder.Build();
    }
}
