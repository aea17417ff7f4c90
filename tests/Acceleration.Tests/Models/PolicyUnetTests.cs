using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>The one-dimensional UNet of Diffusion Policy.</summary>
public sealed class PolicyUnetTests : ModelTest
{
    private const string Name = "policy_unet1d";

    [Fact]
    public void OutputsAreTheReferences()
    {
        Golden.Holds($"models/{Name}", "output", "output, strict");
        using var file = SafetensorsFile.Open(Fixture(Name));
        using var network = Unet(ScalarType.Float64);
        using var condition = new Conditioning(2, (ConditionNames.Observation, file.Read("input.global_cond").ToTestDevice()));
        var made = network.Predict(file.Read("input.sample", ScalarType.Float64).transpose(1, 2).ToTestDevice(), file.Read("input.timestep").ToTestDevice(), condition, Evaluation.Plain(2));

        Assert.InRange(Difference(made.transpose(1, 2), file.Read("output64.sample")), 0, 1e-12);
    }

    [Fact]
    public void EverySiteIsRaisedAsStrategiesRelyOn()
    {
        using var network = Unet();
        NetworkCheck.Run(network).ThrowIfFailed();
        NetworkCheck.Run(network, size: [5, 12]).ThrowIfFailed();
    }

    [Fact]
    public void CutsCostTheMultiplyAddsOfTheirConvolutions()
    {
        using var network = Unet();
        var sites = network.Info.Sites;
        const double steps = 16;
        const double condition = 8 + 6;

        // Channels 8, 16, 16; kernels of 3; two residual blocks of two convolutions at each length.
        static double Block(double from, double to) => (3 * from * to) + (3 * to * to) + (from == to ? 0 : from * to);
        const double half = steps / 2;
        const double quarter = steps / 4;
        var middle = quarter * 2 * Block(16, 16);
        var lowest = (quarter * ((3.0 * 16 * 16) + Block(16, 16) + Block(16, 16) + Block(32, 16) + Block(16, 16) + (4 * 16 * 16))) + middle;
        var second = (half * ((3.0 * 8 * 8) + Block(8, 16) + Block(16, 16) + Block(32, 8) + Block(8, 8) + (4 * 8 * 8))) + lowest;
        var longest = steps * (Block(5, 8) + Block(8, 8) + (3 * 8 * 8) + (8 * 5));
        var modulation = condition * 2 * ((2 * 8) + (6 * 16) + (2 * 16) + (2 * 8));
        var time = (8 * 32) + (32 * 8);

        Assert.Equal(middle, sites["cut.1"].Cost.MultiplyAdds((long)quarter), 1e-6);
        Assert.Equal(lowest, sites["cut.0"].Cost.MultiplyAdds((long)half), 1e-6);
        Assert.Equal(second + longest + modulation + time, sites.Network.Cost.MultiplyAdds((long)steps), 1e-6);
    }

    [Fact]
    public void AHookThatOnlyPassesOnChangesNoBitAndADroppedCutChangesMany()
    {
        using var network = Unet();
        var (x, t, condition) = Inputs(3);
        using var _ = condition;
        var plain = network.Predict(x, t, condition, Evaluation.Plain(3));
        Tensor Hooked(Func<SiteCall, Value, SiteNext, Value> hook, int cut) => network.Predict(
            x, t, condition, HookedEvaluation.Of(network.Info, 3, new SiteProbe(hook), HookedEvaluation.Claim(Where.Cut(cut)), out var _));

        foreach (var cut in new[] { 0, 1 })
        {
            Assert.Equal(0, Difference(Hooked((_, h, next) => next.Invoke(h), cut), plain));
            Assert.True(Difference(Hooked((_, h, next) => next.Drop(h), cut), plain) > 1e-3);
        }
    }

    [Fact]
    public void ABatchEqualsItsRowsAndBFloat16IsClose()
    {
        using var network = Unet();
        using var coarse = Unet(ScalarType.BFloat16);
        var (x, t, condition) = Inputs(3);
        using var _ = condition;
        var whole = network.Predict(x, t, condition, Evaluation.Plain(3));
        for (var i = 0; i < 3; i++)
        {
            using var one = condition.Take([i]);
            Assert.InRange(Difference(network.Predict(x.narrow(0, i, 1), t.narrow(0, i, 1), one, Evaluation.Plain(1)), whole.narrow(0, i, 1)), 0, 1e-5);
        }

        Assert.InRange(RelativeDifference(coarse.Predict(x, t, condition, Evaluation.Plain(3)), whole), 1e-6, 5e-2);
    }

    [Fact]
    public void ALocalConditionIsAddedInTheFirstLevelAlone()
    {
        var path = PathOf("local.safetensors");
        Golden.Copy($"models/{Name}", path, Local, m => m["config"] = m["config"].Replace("\"input_dim\": 5", "\"input_dim\": 5, \"local_cond_dim\": 3", StringComparison.Ordinal));
        using var network = Networks.Load(path, new() { Device = TestDevice.Current });
        using var plain = Unet();
        var (x, t, condition) = Inputs(2);
        using var _ = condition;
        using var local = new Conditioning(2, (ConditionNames.Observation, condition[ConditionNames.Observation].clone()), (ConditionNames.LocalObservation, Normal(4, 2, 16, 3)));
        var without = network.Predict(x, t, condition, Evaluation.Plain(2));

        Assert.Equal([ConditionNames.Observation, ConditionNames.LocalObservation], network.Info.Conditions.Select(c => c.Name));
        Assert.InRange(Difference(without, plain.Predict(x, t, condition, Evaluation.Plain(2))), 0, 1e-6);
        Assert.True(Difference(network.Predict(x, t, local, Evaluation.Plain(2)), without) > 1e-3);
        using var wrong = new Conditioning(2, (ConditionNames.Observation, condition[ConditionNames.Observation].clone()), (ConditionNames.LocalObservation, zeros(2, 8, 3)));
        Assert.Contains("'local_observation' must be [2 or 1, 16, 3]", Assert.Throws<ArgumentException>(() => network.Predict(x, t, wrong, Evaluation.Plain(2))).Message, StringComparison.Ordinal);

        static void Local(Dictionary<string, Tensor> tensors)
        {
            foreach (var i in new[] { 0, 1 })
            {
                foreach (var (name, source) in tensors.Where(t => t.Key.StartsWith("weights.down_modules.0.1.", StringComparison.Ordinal)).ToArray())
                {
                    tensors[name.Replace("down_modules.0.1", $"local_cond_encoder.{i}", StringComparison.Ordinal)] = source;
                }

                tensors[$"weights.local_cond_encoder.{i}.blocks.0.block.0.weight"] = Normal(5, 8, 3, 3).cpu();
                tensors[$"weights.local_cond_encoder.{i}.residual_conv.weight"] = Normal(6, 8, 3, 1).cpu();
                tensors[$"weights.local_cond_encoder.{i}.residual_conv.bias"] = Normal(7, 8).cpu();
            }
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedBeforeNativeCode()
    {
        using var network = Unet();
        var (x, t, condition) = Inputs(2);
        using var _ = condition;

        Assert.Contains("multiples of 4", Assert.Throws<ArgumentException>(() => network.Predict(x.narrow(2, 0, 14), t, condition, Evaluation.Plain(2))).Message, StringComparison.Ordinal);
        Assert.Contains("evaluation has 3", Assert.Throws<ArgumentException>(() => network.Predict(x, t, condition, Evaluation.Plain(3))).Message, StringComparison.Ordinal);
        using var other = new Conditioning(2, (ConditionNames.Observation, zeros(2, 7)));
        Assert.Contains("'observation' must be [2 or 1, 6]", Assert.Throws<ArgumentException>(() => network.Predict(x, t, other, Evaluation.Plain(2))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"kernel_size\": 3", "\"kernel_size\": 4", "kernel_size of 4")]
    [InlineData("\"n_groups\": 4", "\"n_groups\": 3", "8 channels cannot be divided among n_groups = 3")]
    [InlineData("[8, 16, 16]", "[12, 16, 16]", "8 groups of the last norm")]
    [InlineData("[8, 16, 16]", "[8, 16, 16384]", "the file holds")]
    [InlineData("[8, 16, 16]", "[8, 16]", "unexpected")]
    [InlineData("\"cond_predict_scale\": true", "\"cond_predict_scale\": false", "of another shape")]
    [InlineData("\"global_cond_dim\": 6", "\"global_cond_dim\": 6, \"horizon\": 10", "must be a multiple of 4")]
    [InlineData("\"global_cond_dim\": 6", "\"global_cond_dim\": 6, \"attention\": true", "does not know: attention = true")]
    public void AConfigurationThatIsNotTheFilesIsRefusedByName(string part, string replacement, string expected)
    {
        var path = PathOf("changed.safetensors");
        Golden.Copy($"models/{Name}", path, metadata: m =>
        {
            Assert.Contains(part, m["config"], StringComparison.Ordinal);
            m["config"] = m["config"].Replace(part, replacement, StringComparison.Ordinal);
        });
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Networks.Load(path)).Message, StringComparison.Ordinal);
    }

    private static IDenoiser Unet(ScalarType dtype = ScalarType.Float32) => Networks.Load(Fixture(Name), new() { DType = dtype, Device = TestDevice.Current });

    private static (Tensor X, Tensor T, Conditioning Condition) Inputs(int rows) => (
        Normal(1, rows, 5, 16),
        tensor([.. Enumerable.Range(0, rows).Select(i => (float)(90 - (30 * i)))]).ToTestDevice(),
        new(rows, (ConditionNames.Observation, Normal(2, rows, 6))));
}
