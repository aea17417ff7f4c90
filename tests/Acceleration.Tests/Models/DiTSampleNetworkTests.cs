using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>The sample network: computed positions, two resolutions, bfloat16, batches.</summary>
public sealed class DiTSampleNetworkTests : ModelTest
{
    [Fact]
    public void ItSaysWhatItIs()
    {
        using var network = Load(SampleNetwork);
        var info = network.Info;

        Assert.Equal("fashion-dit", info.Name);
        Assert.Equal(PredictionType.Epsilon, info.Prediction);
        Assert.Equal([1L, 32, 32], info.SampleSize);
        Assert.Equal((2, false, 10), (info.Patch, info.LearnedVariance, info.Classes));
        Assert.Equal((1000, 1e-4f, 0.02f), (info.Noise!.TrainSteps, info.Noise.Betas[0], info.Noise.Betas[^1]));
        using var labels = Conditioning.Labels(3, 4);
        using var none = info.Unconditional!(labels);
        Assert.Equal([10L, 10], none["labels"].data<long>().ToArray());
    }

    [Theory]
    [InlineData(32)]
    [InlineData(16)]
    public void OutputsAreThoseOfTheTrainingScript(int side)
    {
        using var file = SafetensorsFile.Open(Fixture("fashion-dit-outputs"));
        var (x, t, y, reference) = (file.Read($"input{side}.x"), file.Read($"input{side}.t"), file.Read($"input{side}.y"), file.Read($"output{side}"));
        Assert.InRange(RelativeDifference(Predict(ScalarType.Float32), reference), 0, 1e-5);
        Assert.InRange(RelativeDifference(Predict(ScalarType.Float64), reference), 0, 1e-5);

        // The script's own bfloat16 run is off by 1.3e-3 and 2.0e-3 of the norm.
        var rounded = Predict(ScalarType.BFloat16);
        Assert.Equal(ScalarType.Float32, rounded.dtype);
        Assert.InRange((rounded.cpu() - reference).norm().item<float>() / reference.norm().item<float>(), 1e-4, 4e-3);

        Tensor Predict(ScalarType dtype)
        {
            using var network = Load(SampleNetwork, dtype);
            using var labels = new Conditioning((int)x.size(0), ("labels", y.to(ScalarType.Int64)));
            return network.Predict(x.to(network.Info.DType).ToTestDevice(), t.ToTestDevice(), labels, Evaluation.Plain((int)x.size(0)));
        }
    }

    [Fact]
    public void AnotherRuntimesMeanAndDeviationAreReproduced()
    {
        using var network = Load(SampleNetwork);
        using var labels = Conditioning.Labels(0);
        var output = network.Predict(Normal(1, 1, 1, 32, 32), full(1, 500f).ToTestDevice(), labels, Evaluation.Plain(1));

        Assert.Equal(0.12280, output.mean().item<float>(), 5e-5);
        Assert.Equal(1.08042, output.std().item<float>(), 5e-5);
    }

    [Theory]
    [InlineData(16, 32)]
    [InlineData(24, 10)]
    [InlineData(2, 4)]
    public void EveryRowIsComputedAsIfAlone(int height, int width)
    {
        using var network = Load(SampleNetwork);
        var x = Normal(3, 5, 1, height, width);
        var t = tensor(new float[] { 0, 999, 500, 12.5f, 700 }).ToTestDevice();
        using var labels = Conditioning.Labels(0, 9, 10, 4, 4);
        var batch = network.Predict(x, t, labels, Evaluation.Plain(5));

        Assert.Equal(x.shape, batch.shape);
        for (var i = 0; i < 5; i++)
        {
            using var label = labels.Take([i]);
            var single = network.Predict(x.narrow(0, i, 1), t.narrow(0, i, 1), label, Evaluation.Plain(1));
            Assert.InRange(RelativeDifference(batch.narrow(0, i, 1), single), 0, 1e-5);
        }
    }

    [Fact]
    public void TimesAndLabelsMayBeShared()
    {
        using var network = Load(SampleNetwork);
        var x = Normal(4, 3, 1, 16, 16);
        using var labels = Conditioning.Labels(6, 6, 6);
        using var shared = new Conditioning(3, ("labels", tensor(new long[] { 6 })));

        Assert.Equal(0, Difference(
            network.Predict(x, full(1, 40f).ToTestDevice(), shared, Evaluation.Plain(3)),
            network.Predict(x, full(3, 40f).ToTestDevice(), labels, Evaluation.Plain(3))));
    }

    [Fact]
    public void CallsLeaveNothingBehindAndChangeNoInput()
    {
        using var network = Load(SampleNetwork, ScalarType.BFloat16);
        using var labels = Conditioning.Labels(1, 2);
        var (x, t) = (Normal(5, 2, 1, 16, 16), full(2, 300f).ToTestDevice());
        var untouched = x.clone();
        network.Predict(x, t, labels, Evaluation.Plain(2)).Dispose();
        var alive = Tensor.TotalCount;
        for (var i = 0; i < 3; i++)
        {
            network.Predict(x, t, labels, Evaluation.Plain(2)).Dispose();
        }

        Assert.Equal(alive, Tensor.TotalCount);
        Assert.Equal(0, Difference(x, untouched));
    }

    [Fact]
    public void UnfitInputsAreRefusedBeforeNativeCodeMeetsThem()
    {
        using var network = Load(SampleNetwork);
        using var labels = Conditioning.Labels(1, 2);
        using var unknown = Conditioning.Labels(1, 11);
        using var none = Conditioning.None(2);
        var (x, t) = (Normal(5, 2, 1, 16, 16), full(2, 300f).ToTestDevice());
        void Refused<T>(string part, Action call)
            where T : Exception => Assert.Contains(part, Assert.Throws<T>(call).Message, StringComparison.Ordinal);

        Refused<ArgumentException>("multiples of 2", () => network.Predict(x.narrow(3, 0, 15), t, labels, Evaluation.Plain(2)));
        Refused<ArgumentException>("evaluation has 3", () => network.Predict(x, t, labels, Evaluation.Plain(3)));
        Refused<ArgumentException>("timestep must be [2]", () => network.Predict(x, full(3, 300f).ToTestDevice(), labels, Evaluation.Plain(2)));
        Refused<ArgumentException>("no label 11", () => network.Predict(x, t, unknown, Evaluation.Plain(2)));
        Refused<KeyNotFoundException>("labels", () => network.Predict(x, t, none, Evaluation.Plain(2)));
    }
}
