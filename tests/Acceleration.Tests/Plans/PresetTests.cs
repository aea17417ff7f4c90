using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Plans;

public sealed class PresetTests : LiveTensorTest
{
    public static TheoryData<string, PredictionType, int> Runs
    {
        get
        {
            var runs = new TheoryData<string, PredictionType, int>();
            foreach (var preset in Preset.All)
            {
                foreach (var type in new[] { PredictionType.Epsilon, PredictionType.Velocity, PredictionType.Sample, PredictionType.Flow })
                {
                    runs.Add(preset.Name, type, 1);
                    runs.Add(preset.Name, type, 4);
                    runs.Add(preset.Name, type, 50);
                }
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void EveryKindOfNetworkRunsWithAnyNumberOfSteps(string name, PredictionType type, int steps)
    {
        var preset = Preset.All.Single(p => p.Name == name);
        using var network = Toy.Affine(0.3, 0.2, 0.05, type);
        var plain = type == PredictionType.Flow ? Sampler.For(network).FlowEuler(steps) : Sampler.For(network).Ddim(steps);
        var (values, trace) = Toy.Run(plain.Guidance(2).UsePreset(preset).Build());
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
        var spared = (double)trace.FullEvaluations / trace.Evaluations;
        Assert.True(steps < 50 ? spared >= 1 : Math.Abs(spared - preset.Figures(network.Info).Speedup) < 0.01, $"{spared}");
    }

    [Fact]
    public void AFasterPresetEvaluatesLessAndItsFiguresAreAboveFewerSteps()
    {
        foreach (var type in new[] { PredictionType.Epsilon, PredictionType.Flow })
        {
            var figures = Preset.All.Select(p => p.Figures(Toy.Info("any", type))).ToArray();
            Assert.Equal(figures.OrderBy(f => f.Speedup), figures);
            Assert.Equal(figures.OrderByDescending(f => f.Decibels), figures);
            Assert.All(figures, f => Assert.True(f.Decibels > f.FewerSteps, f.ToString()));
        }
    }

    [Fact]
    public void APresetIsFoundByItsName()
    {
        Assert.All(Preset.All, p => Assert.Same(p, Preset.Parse(p.ToString().ToUpperInvariant())));
        Assert.Equal("there is no preset 'balence', did you mean 'balanced'?; there are quality, balanced, fast.", Assert.Throws<FormatException>(() => Preset.Parse("balence")).Message);
        Assert.Equal("there is no preset ''; there are quality, balanced, fast.", Assert.Throws<FormatException>(() => Preset.Parse("")).Message);
        Assert.InRange(Assert.Throws<FormatException>(() => Preset.Parse(new('x', 100_000))).Message.Length, 50, 300);
    }

    [Fact]
    public void APresetIsAPlanAndLeavesGuidanceAlone()
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(20).Guidance(3).Use(new EasyCache(0.1)).UsePreset(Preset.Fast).Build();
        Assert.Equal(3, sampler.Info.GuidanceScale);
        Assert.Equal(Preset.Fast.For(network.Info).Strategies, sampler.Strategies.Skip(1));
        Assert.Equal(Preset.Fast.For(network.Info), AccelerationPlan.FromJson(Preset.Fast.For(network.Info).ToJson()));
    }
}
