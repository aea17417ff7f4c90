using System.Text.Json;
using Acceleration.Tests.Caching;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

public sealed class ClassifierFreeGuidanceTests
{
    /// <summary>Cases of the reference without rescale and interval, with s in u + s·(c − u); those that end off have s = 1.</summary>
    [Theory]
    [InlineData(1, 7.5, true)]
    [InlineData(2, 7.5, false)]
    [InlineData(6, 1, true)]
    [InlineData(7, 1, true)]
    [InlineData(10, 0.4, true)]
    public void CombinationsEqualTheReference(int number, double scale, bool exactly)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Path.Combine(AppContext.BaseDirectory, "Fixtures", "guidance", "cfg_image.safetensors"));
        var config = JsonSerializer.Deserialize<JsonElement[]>(file.Metadata["cases"])![number - 1].GetProperty("config");
        Assert.Equal(scale, config.GetProperty("guidance_scale").GetDouble() + (config.GetProperty("use_original_formulation").GetBoolean() ? 1 : 0));
        Assert.Equal(0, config.GetProperty("guidance_rescale").GetDouble());
        Tensor[] branches = [file.Read("input.cond").ToTestDevice(), file.Read("input.uncond").ToTestDevice()];
        var (name, steps) = (number == 1 ? "output" : $"output{number}", (int)branches[0].size(0));
        using var network = Denoiser.From(
            Toy.Info("recorded", size: branches[0].shape[2..]), (_, _, _, e) => stack([.. e.Rows.Select(r => branches[r.Branch][e.Step.Index][r.Sample])], 0));
        var replay = new Replay([.. Enumerable.Repeat(zeros(branches[0].shape[1..]), steps)]);

        var trace = replay.Run(network, new ClassifierFreeGuidance(scale));

        var expected = file.Read($"{name}.pred");
        var conditions = file.Read($"{name}.num_conditions").data<long>().ToArray();
        for (var k = 0; k < steps; k++)
        {
            Assert.Equal(conditions[k] * 3, trace.Steps[k].ComputedRows);
            if (exactly)
            {
                Assert.Equal(expected[k].Floats(), replay.Outputs[k]);
            }
            else
            {
                Assert.All(Enumerable.Range(0, 3), b => Close(expected[k][b].Floats(), replay.Outputs[k].Chunk(24).ElementAt(b), 1e-5));
            }
        }
    }

    [Fact]
    public void AScaleOfOneIsOffAndEvaluatesTheConditionAlone()
    {
        using var network = new ChainToy();
        var (plain, _) = Toy.Run(Sampler.For(network).FlowEuler(6).Build(), 2);
        var (values, trace) = Toy.Run(Sampler.For(network).FlowEuler(6).Guidance(1).Build(), 2);
        Assert.Equal(plain, values);
        Assert.Equal(6, trace.FullEvaluations);
    }

    [Fact]
    public void UnguidedChannelsAndVarianceAreTheConditions()
    {
        var info = Toy.Info("four", size: [4, 2, 2]) with { LearnedVariance = true };
        using var network = Denoiser.From(info, (x, _, c) => cat([x * 0, x * 0], 1) + Toy.PerRow(c["labels"].to(ScalarType.Float32), x));
        using var scope = NewDisposeScope();
        var replay = new Replay([zeros(1, 4, 2, 2)]);

        replay.Run(network, new ClassifierFreeGuidance(2, GuidedChannels: 3));

        // Label 0 against 10: guided -10, else 0.
        Assert.Equal([.. Enumerable.Repeat(-10f, 12), .. Enumerable.Repeat(0f, 4)], replay.Outputs[0]);
    }

    [Fact]
    public void ANegativeConditionTakesThePlaceOfTheNetworksOwn()
    {
        using var network = Toy.Affine(0, 0, shift: 1);
        using var scope = NewDisposeScope();
        var replay = new Replay([zeros(2, 1, 4, 4)]);
        using var condition = Conditioning.Labels(1, 2);
        using var negative = Conditioning.Labels(4, 6);
        var sampler = Sampler.For(network).Solve(replay, replay.Grid).Guidance(3).Build();

        using (sampler.Generate(new() { Condition = condition, Negative = negative }, cancellation: TestContext.Current.CancellationToken))
        {
            // 4 + 3·(1 − 4) and 6 + 3·(2 − 6).
            Assert.Equal([-5, -6], replay.Outputs[0].Chunk(16).Select(s => s.Distinct().Single()));
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ScalesThatAreNoNumberAreRefused(double scale)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierFreeGuidance(scale));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierFreeGuidance(2, GuidedChannels: 0));
    }

    [Fact]
    public void ANetworkWithoutAnUnconditionalBranchIsRefused()
    {
        using var toy = Toy.Affine(1, 0);
        using var network = Denoiser.From(toy.Info with { Unconditional = null }, (x, _, _) => x);
        Assert.Contains("CFG2 needs an unconditional branch", Assert.Throws<StrategyConflictException>(Sampler.For(network).FlowEuler(4).Guidance(2).Build).Message);
        Toy.Run(Sampler.For(network).FlowEuler(4).Guidance(1).Build());
    }

    private static void Close(float[] expected, float[] actual, double relative)
    {
        var bound = relative * Math.Max(1e-3, expected.Max(Math.Abs));
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, bound));
    }
}
