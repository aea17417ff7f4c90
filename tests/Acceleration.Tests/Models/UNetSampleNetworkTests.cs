using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>The UNet sample network: a rectified flow with classes, at two resolutions.</summary>
public sealed class UNetSampleNetworkTests : ModelTest
{
    private static string SampleUNet { get; } = Golden.PathOf("weights/fashion-unet");

    [Fact]
    public void ItSaysWhatItIs()
    {
        using var network = (UNet)Networks.Load(SampleUNet);
        var info = network.Info;
        Assert.Equal((PredictionType.Flow, null, 10, 4), (info.Prediction, info.Noise, info.Classes, info.SizeMultiple));
        Assert.Equal([1L, 32, 32], info.SampleSize);
        Assert.Equal(["labels"], info.Conditions.Select(c => c.Name));
        using var labels = Conditioning.Labels(3, 4);
        using var none = info.Unconditional!(labels);
        Assert.Equal([10L, 10], none["labels"].data<long>().ToArray());
    }

    [Theory]
    [InlineData(32)]
    [InlineData(16)]
    public void OutputsAreTheReferences(int side)
    {
        using var file = SafetensorsFile.Open(Fixture("fashion-unet-outputs"));
        var reference = file.Read($"output{side}");
        Assert.InRange(RelativeDifference(Predict(ScalarType.Float64), reference), 0, 1e-12);
        Assert.InRange(RelativeDifference(Predict(ScalarType.Float32), reference), 0, 1e-5);
        var rounded = Predict(ScalarType.BFloat16);
        Assert.InRange((rounded.cpu() - reference).norm().item<double>() / reference.norm().item<double>(), 1e-4, 1e-2);

        Tensor Predict(ScalarType dtype)
        {
            using var network = UNet.Load(SampleUNet, new() { DType = dtype, Device = TestDevice.Current });
            using var labels = new Conditioning(2, (ConditionNames.Labels, file.Read($"input{side}.y").ToTestDevice()));
            return network.Predict(file.Read($"input{side}.x").to(network.Info.DType).ToTestDevice(), file.Read($"input{side}.t").ToTestDevice(), labels, Evaluation.Plain(2));
        }
    }

    [Fact]
    public void UnknownLabelsAreRefused()
    {
        using var network = UNet.Load(SampleUNet);
        using var labels = Conditioning.Labels(11);
        Assert.Contains("no label 11", Assert.Throws<ArgumentException>(() => network.Predict(zeros(1, 1, 8, 8), full(1, 1f), labels, Evaluation.Plain(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => network.Predict(zeros(1, 1, 6, 8), full(1, 1f), labels, Evaluation.Plain(1)));
    }

    [Fact]
    public void CachedCutsAndMergedTokensKeepThePicture()
    {
        using var network = UNet.Load(SampleUNet, new() { Device = TestDevice.Current });
        using var labels = Conditioning.Labels(1, 7);
        SamplingResult Run(params IStrategy[] strategies) =>
            strategies.Aggregate(Sampler.For(network).FlowEuler(6).Guidance(2), (b, s) => b.Use(s)).Build().Generate(new() { Condition = labels, Seed = 5 });
        using var plain = Run();
        using var cached = Run(new Cached(Where.Cut(1), new Interval(2), How.LastValue));
        using var merged = Run(new ToMeSD(0.25) { MaxDownsample = 4 });

        Assert.InRange(cached.Trace.MultiplyAdds / plain.Trace.MultiplyAdds, 0.3, 0.9);
        Assert.InRange((cached.Latents - plain.Latents).abs().mean().item<float>(), 1e-4, 0.1);
        Assert.InRange((merged.Latents - plain.Latents).abs().mean().item<float>(), 1e-4, 0.1);
    }
}
