using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <content>Pictures that begin with another picture.</content>
public sealed partial class PipelineTests
{
    [Theory]
    [InlineData("sd15")]
    [InlineData("lcm")]
    [InlineData("sd3")]
    [InlineData("flux")]
    public void AStrengthNearNothingKeepsThePicture(string family)
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), family));
        var call = CallOf(pipeline) with { Steps = 4, Guidance = 1 };
        var size = pipeline.SizeOf(call);
        var picture = Normal(5, 1, 3, size.Height, size.Width).cpu().sigmoid();
        using var clean = pipeline.Autoencoder!.Encode((picture * 2) - 1);
        double Distance(double strength)
        {
            using var start = pipeline.StartFrom(call, picture, 1, 4, strength);
            return Difference(Sampled(pipeline, call, start), clean);
        }

        Assert.True(Distance(0.25) < Distance(1));
    }

    [Fact]
    public void AMaskKeepsTheRestOfThePicture()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "sd15"));
        var call = CallOf(pipeline) with { Steps = 4, Guidance = 1 };
        var size = pipeline.SizeOf(call);
        var picture = Normal(5, 1, 3, size.Height, size.Width).cpu().sigmoid();
        var mask = zeros(1, 1, size.Height, size.Width);
        mask[.., .., .., ..(size.Width / 2)] = ones(1, 1, size.Height, size.Width / 2);
        using var clean = pipeline.Autoencoder!.Encode((picture * 2) - 1);
        using var start = pipeline.StartFrom(call, picture, 1, 4, 1, mask);
        var made = start.Finish(Sampled(pipeline, call, start));
        var half = made.size(3) / 2;

        Assert.InRange(Difference(made.narrow(3, half, half), clean.narrow(3, half, half)), 0, 1e-6);
        Assert.True(Difference(made.narrow(3, 0, half), clean.narrow(3, 0, half)) > 0.01);
    }

    [Fact]
    public void StartsThatDoNotFitAreRefused()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "sd15"));
        var call = CallOf(pipeline) with { Steps = 4 };
        var picture = zeros(1, 3, 64, 64);
        Assert.Contains("must be [2 or 1, 3, 32, 32]", Assert.Throws<ArgumentException>(() => pipeline.StartFrom(call, picture, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("leaves none; at least 0.25", Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.StartFrom(call, zeros(1, 3, 32, 32), 1, strength: 0.2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.StartFrom(call, zeros(1, 3, 32, 32), 1, strength: 1.5));
    }

    // The published tables have one size for each ratio of height to width; 768×1024 is 0.75, as far from 0.72 as from 0.78, and the first counts.
}
