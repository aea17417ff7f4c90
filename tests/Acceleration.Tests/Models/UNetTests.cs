using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>The reference's outputs, rows and types.</summary>
public sealed class UNetTests : ModelTest
{
    internal static readonly string[] Fixtures = ["unet2d_ddpm", "unet_sd15", "unet_sd21_vpred", "unet_sdxl", "unet_lcm_cond"];

    public static TheoryData<string> All => [.. Fixtures];

    [Theory]
    [MemberData(nameof(All))]
    public void OutputsAreTheReferences(string fixture) => Golden.Holds($"models/{fixture}", "output", "output, strict");

    [Theory]
    [MemberData(nameof(All))]
    public void OutputsInDoublePrecisionAreTheReferences(string fixture)
    {
        var (output, file) = Run(fixture, new() { DType = ScalarType.Float64, Device = TestDevice.Current });
        using (file)
        {
            Assert.Equal(ScalarType.Float64, output.dtype);
            Assert.InRange(Difference(output, file.Read("output64.sample")), 0, 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ShortTypesAreClose(string fixture)
    {
        var (output, file) = Run(fixture, new() { DType = ScalarType.BFloat16, Device = TestDevice.Current });
        using (file)
        {
            var reference = file.Read("output.sample");
            Assert.Equal(ScalarType.Float32, output.dtype);
            Assert.InRange((output.cpu() - reference).norm().item<float>() / reference.norm().item<float>(), 1e-5, 4e-2);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EveryRowIsComputedAsIfAlone(string fixture)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        using var network = UNet.Load(Fixture(fixture), new() { Device = TestDevice.Current });
        var (x, t, conditions) = Inputs(file);
        var both = Predict(network, x, t, conditions);
        for (var i = 0; i < 2; i++)
        {
            var single = Predict(network, x.narrow(0, i, 1), t.narrow(0, i, 1), [.. conditions.Select(c => (c.Name, c.Given.narrow(0, i, 1)))]);
            Assert.InRange(RelativeDifference(both.narrow(0, i, 1), single), 0, 1e-5);
        }
    }

    [Fact]
    public void OneTextServesAllRows()
    {
        using var file = SafetensorsFile.Open(Fixture("unet_lcm_cond"));
        using var network = UNet.Load(Fixture("unet_lcm_cond"), new() { Device = TestDevice.Current });
        var (x, t, conditions) = Inputs(file);
        (string Name, Tensor Given)[] shared = [.. conditions.Select(c => (c.Name, c.Given.narrow(0, 0, 1)))];
        var single = Predict(network, x, t.narrow(0, 0, 1), shared);
        var repeated = Predict(network, x, t.narrow(0, 0, 1).expand(2), [.. shared.Select(c => (c.Name, cat([c.Given, c.Given], 0)))]);
        Assert.InRange(RelativeDifference(single, repeated), 0, 1e-5);
    }

    [Fact]
    public void HiddenTokensOfTheTextHaveNoInfluence()
    {
        using var file = SafetensorsFile.Open(Fixture("unet_sd15"));
        using var network = UNet.Load(Fixture("unet_sd15"), new() { Device = TestDevice.Current });
        var (x, t, conditions) = Inputs(file);
        var (text, other) = (conditions[0].Given, conditions[0].Given.clone());
        other[TensorIndex.Colon, 3] = 7;
        var mask = ones([2, text.size(1)], ScalarType.Bool);
        mask[TensorIndex.Colon, 3] = false;
        Tensor Masked(Tensor given) => Predict(network, x, t, [(ConditionNames.Text, given), (ConditionNames.TextMask, mask)]);

        Assert.InRange(Difference(Masked(text), Masked(other)), 0, Rounding);
        Assert.True(Difference(Masked(text), Predict(network, x, t, conditions)) > 1e-3);
    }

    [Theory]
    [InlineData("unet_sd15", 7, 9)]
    [InlineData("unet_sd21_vpred", 5, 10)]
    public void OddSidesComeOutAsTheyWentIn(string fixture, int high, int wide)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        using var network = UNet.Load(Fixture(fixture), new() { Device = TestDevice.Current });
        var (_, t, conditions) = Inputs(file);
        Assert.Equal([2L, 4, high, wide], Predict(network, Normal(1, 2, 4, high, wide), t, conditions).shape);
    }

    [Fact]
    public void AControlNetworkAddsToSkipConnectionsAndMiddle()
    {
        using var file = SafetensorsFile.Open(Fixture("unet_sd15"));
        using var network = UNet.Load(Fixture("unet_sd15"), new() { Device = TestDevice.Current });
        var (x, t, conditions) = Inputs(file);
        var specs = network.Info.Conditions.Where(c => c.IsSpatial).ToArray();
        Assert.Equal(10, specs.Length);
        Assert.Equal(["down_block_additional_residuals.0", "mid_block_additional_residual"], [specs[0].Name, specs[^1].Name]);
        var plain = Predict(network, x, t, conditions);

        // At the trained side of 8, sizes are 8, 4 and 2; these latents are half as wide again.
        Tensor Residual(ConditionSpec s, double value) => full([2, s.Size[0], s.Size[1], s.Size[2] * 3 / 2], value).ToTestDevice();
        Tensor Added(double value, double middle) => Predict(network, x, t, [.. conditions, .. specs[..^1].Select(s => (s.Name, Residual(s, value))), (specs[^1].Name, Residual(specs[^1], middle))]);
        Assert.Equal(0, Difference(Added(0, 0), plain));
        Assert.True(Difference(Added(0.1, 0), plain) > 1e-3);
        Assert.True(Difference(Added(0, 0.1), plain) > 1e-3);

        var error = Assert.Throws<ArgumentException>(() => Predict(network, x, t, [.. conditions, (specs[^1].Name, Residual(specs[^1], 1))]));
        Assert.Contains("of the former 0 were given", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PredictionAndNoiseAreSaidByTheOptions()
    {
        var noise = NoiseTable.Make(BetaSchedule.ScaledLinear, 0.00085, 0.012, zeroTerminalSnr: true);
        using var usual = UNet.Load(Fixture("unet_sd21_vpred"));
        using var told = (UNet)Networks.Load(Fixture("unet_sd21_vpred"), new() { Prediction = PredictionType.Velocity, Noise = noise });
        Assert.Equal((PredictionType.Epsilon, 1000), (usual.Info.Prediction, usual.Info.Noise!.TrainSteps));
        Assert.Equal(0.00085f, usual.Info.Noise.Betas[0], 1e-7f);
        Assert.Equal((PredictionType.Velocity, 0f), (told.Info.Prediction, told.Info.Noise!.AlphaBars[^1]));
        Assert.True(told.Info.NegativeComesWithRequest);
    }

    internal static Tensor Predict(UNet network, Tensor x, Tensor t, IReadOnlyList<(string Name, Tensor Given)> conditions, Evaluation? evaluation = null)
    {
        using var condition = new Conditioning((int)x.size(0), [.. conditions.Select(c => (c.Name, c.Given.alias()))]);
        return network.Predict(x, t, condition, evaluation ?? Evaluation.Plain((int)x.size(0)));
    }

    /// <summary>Latents, times and conditions of a file's first case.</summary>
    internal static (Tensor X, Tensor Time, (string Name, Tensor Given)[] Conditions) Inputs(SafetensorsFile file)
    {
        (string Stored, string Name)[] known =
        [
            ("encoder_hidden_states", ConditionNames.Text), ("encoder_attention_mask", ConditionNames.TextMask), ("timestep_cond", ConditionNames.GuidanceEmbedding),
            ("added_cond_kwargs.text_embeds", ConditionNames.Pooled), ("added_cond_kwargs.time_ids", ConditionNames.TimeIds),
        ];
        return (
            file.Read("input.sample").ToTestDevice(),
            file.Read("input.timestep").to(ScalarType.Float32).ToTestDevice(),
            [.. known.Where(k => file.Tensors.ContainsKey("input." + k.Stored)).Select(k => (k.Name, file.Read("input." + k.Stored).ToTestDevice()))]);
    }

    private static (Tensor Output, SafetensorsFile File) Run(string fixture, NetworkOptions options)
    {
        var file = SafetensorsFile.Open(Fixture(fixture));
        using var network = UNet.Load(Fixture(fixture), options);
        var (x, t, conditions) = Inputs(file);
        return (Predict(network, x.to(network.Info.DType), t, conditions), file);
    }
}
