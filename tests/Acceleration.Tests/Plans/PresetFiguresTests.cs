using Acceleration.Models;
using Acceleration.Tests.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Plans;

/// <summary>What presets say of themselves, on the networks that they say it of: few pictures of other seeds than they were chosen by.</summary>
public sealed class PresetFiguresTests : ModelTest
{
    private const int Steps = 50;
    private const int Pictures = 3;
    private const long Seed = 2007;
    private const int First = 6;

    // What a preset has above fewer steps differs less from picture to picture than either.
    private const double GainBand = 4;

    [Fact]
    public void OnTheSampleOfNoisePrediction()
    {
        using var network = Load(SampleNetwork);
        RequireFigures(network, steps => Sampler.For(network).Ddim(steps), band: 3);
    }

    [Fact]
    public void OnTheSampleFlow()
    {
        using var network = UNet.Load(Golden.PathOf("weights/fashion-unet"), new() { Device = TestDevice.Current });
        RequireFigures(network, steps => Sampler.For(network).FlowEuler(steps), band: 8);
    }

    /// <param name="network">The network.</param>
    /// <param name="plain">The plain sampler of a number of steps.</param>
    /// <param name="band">What the mean of these pictures may lie off that of the ten that figures are of, in dB: on the flow means of three differ by more than 10.</param>
    private static void RequireFigures(IDenoiser network, Func<int, SamplerBuilder> plain, double band)
    {
        using var condition = Conditioning.Labels([.. Enumerable.Range(0, Pictures).Select(i => (long)First + i)]);
        var (pictures, trace) = Draw(plain(Steps));
        foreach (var preset in Preset.All)
        {
            var figures = preset.Figures(network.Info);
            var (own, spared) = Draw(plain(Steps).UsePreset(preset));
            var (fewer, control) = Draw(plain((int)Math.Round(Steps / figures.Speedup)));
            var (decibels, least) = (ImageMetrics.Psnr(own, pictures), ImageMetrics.Psnr(fewer, pictures));
            var what = FormattableString.Invariant($"{preset} on {network.Info.Name}: {decibels:0.0} dB, fewer steps {least:0.0} dB; stated {figures}");
            Assert.Equal(figures.Speedup, (double)trace.Evaluations / spared.Evaluations, 0.01);
            Assert.Equal(spared.Evaluations, control.Evaluations);
            Assert.True(Math.Abs(decibels - figures.Decibels) < band, what);
            Assert.True(Math.Abs(least - figures.FewerSteps) < band, what);
            Assert.True(Math.Abs(decibels - least - (figures.Decibels - figures.FewerSteps)) < GainBand, what);
        }

        (Tensor Pictures, Trace Trace) Draw(SamplerBuilder builder)
        {
            using var result = builder.Guidance(2).Build().Generate(new() { Condition = condition, Seed = Seed }, cancellation: TestContext.Current.CancellationToken);
            return (((result.Latents + 1) / 2).clamp(0, 1), result.Trace);
        }
    }
}
