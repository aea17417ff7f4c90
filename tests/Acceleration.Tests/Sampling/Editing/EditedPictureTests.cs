using Acceleration.Models;
using Acceleration.Tests.Models;
using Acceleration.Tests.Tool;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Editing;

/// <summary>Pictures of the sample network, edited into other classes: a sneaker into a boot, a T-shirt into a pullover, a pullover into a T-shirt.</summary>
public sealed class EditedPictureTests : ModelTest
{
    private const int Steps = 12;
    private static readonly long[] From = [7, 0, 2];
    private static readonly long[] To = [9, 2, 0];

    [Fact]
    public void AnEditShowsTheOtherClassAndKeepsMoreOfTheSourceThanAPictureFromTheSameNoise()
    {
        using var network = UNet.Load(Golden.PathOf("weights/fashion-unet"), new() { Device = TestDevice.Current });
        using var source = Run(Sampler.For(network), From, null, seed: 100, out _);
        var (plainly, editing) = (Sampler.For(network), Sampler.For(network).EditFrom(network, source));
        using var plain = Run(plainly, To, null, seed: 5, out var once);
        using var edited = Run(editing, To, From, seed: 5, out var twice);
        using var same = Run(editing, From, From, seed: 5, out _);
        using var kept = Run(editing.Use(CorrectionCache.OfDeviation(0.3)), To, From, seed: 5, out var between);

        // The source's own condition brings it back: more than 60 dB.
        Assert.All(Distances(same, source), d => Assert.InRange(d, 0, 4e-6));
        foreach (var picture in new[] { edited, kept })
        {
            Assert.True(Distances(picture, source).Average() < 0.8 * Distances(plain, source).Average());
            Assert.All(Distances(picture, source), d => Assert.True(d > 0.02));
            Assert.All(Errors(network, picture, To).Zip(Errors(network, picture, From)), e => Assert.True(e.First < e.Second, $"{e.First} for the new class, {e.Second} for the old"));
        }

        Assert.All(Errors(network, source, From).Zip(Errors(network, source, To)), e => Assert.True(e.First < e.Second));
        Assert.Equal((Steps, 2 * Steps), (once, twice));
        Assert.InRange(between, 1.3 * Steps, 1.9 * Steps);
    }

    private static Tensor Run(SamplerBuilder builder, long[] labels, long[]? sources, long seed, out double evaluations)
    {
        using var condition = Conditioning.Labels(labels);
        using var other = sources is null ? null : Conditioning.Labels(sources);
        using var result = builder.FlowEuler(Steps).Build().Generate(
            new() { Condition = condition, Others = other is null ? [] : [other], Seed = seed }, cancellation: TestContext.Current.CancellationToken);
        evaluations = result.Trace.Evaluations;
        return result.Latents.to(ScalarType.Float32).alias().DetachFromDisposeScope();
    }

    private static float[] Distances(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        return (a - b).square().mean([1, 2, 3]).Floats();
    }

    /// <summary>How badly the network tells the noise from each picture when it is told what the picture shows: least for what it shows.</summary>
    private static double[] Errors(UNet network, Tensor pictures, long[] labels)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        using var condition = Conditioning.Labels(labels);
        using var generator = new Generator(8);
        var errors = new double[labels.Length];
        foreach (var sigma in new[] { 0.6, 0.7, 0.8, 0.9 })
        {
            for (var draw = 0; draw < 2; draw++)
            {
                var noise = randn(pictures.shape, generator: generator).to(pictures.device);
                var predicted = network.Predict((pictures * (1 - sigma)) + (noise * sigma), full([labels.Length], (float)(1000 * sigma)).to(pictures.device), condition, Evaluation.Plain(labels.Length));
                errors = [.. errors.Zip(Distances(predicted, noise - pictures), (sum, e) => sum + e)];
            }
        }

        return errors;
    }
}
