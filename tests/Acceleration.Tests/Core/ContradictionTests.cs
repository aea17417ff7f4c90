using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core;

/// <summary>Networks and requests that contradict themselves are refused early, in words that say what is right.</summary>
public sealed class ContradictionTests : LiveTensorTest
{
    [Fact]
    public void ASampleSizeThatTheNetworkCannotTakeIsRefused()
    {
        using var network = Denoiser.From(Toy.Info("odd", PredictionType.Flow, null, 1, 18, 16) with { SizeMultiple = 4 }, (x, _, _) => x);
        Assert.Equal(
            "odd contradicts itself: its SampleSize is [1, 18, 16], and its sides must be multiples of 4 (SizeMultiple, by default its Patch). (Parameter 'network')",
            Assert.Throws<ArgumentException>(() => Sampler.For(network)).Message);
    }

    [Theory]
    [InlineData("label", "classes 0..9")]
    [InlineData("rows", "3 rows")]
    [InlineData("null", "nothing")]
    public void WhatUnconditionalReturnsIsChecked(string what, string message)
    {
        using var network = Denoiser.From(
            Toy.Info("mine") with { Unconditional = c => what switch { "label" => Conditioning.Labels([.. Enumerable.Repeat(-1L, c.Rows)]), "rows" => Conditioning.Labels(1, 2, 3), _ => null! } },
            (x, _, _) => x);
        var sampler = Sampler.For(network).FlowEuler(2).Guidance(2).Build();
        var request = Toy.Request(2);
        using var condition = request.Condition;
        var refused = Assert.Throws<InvalidOperationException>(() => sampler.Start(request)).Message;
        Assert.StartsWith("mine: Unconditional returned for a condition of 2 rows what cannot be its unconditional one", refused, StringComparison.Ordinal);
        Assert.Contains(message, refused, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassesWithoutLabelsAreRefusedAtTheStart()
    {
        using var network = Toy.Constant(0.5);
        using var none = Conditioning.None(2);
        Assert.Contains(
            "affine has 10 classes, and the condition has no 'labels' (it is empty)",
            Assert.Throws<ArgumentException>(() => Sampler.For(network).FlowEuler(2).Build().Start(new() { Condition = none })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StepsNameTheirGrid()
    {
        using var epsilon = Toy.Constant(0, PredictionType.Epsilon);
        using var flow = Toy.Constant(0);
        Assert.Contains("The steps of a DdimGrid must be at least 1.", Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.For(epsilon).Ddim(0)).Message, StringComparison.Ordinal);
        Assert.Contains("The steps of a FlowGrid must be from 1 to 1000000.", Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.For(flow).FlowEuler(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APathIsNotAConfiguration()
    {
        Assert.Contains("use Scheduler.FromFile(path)", Assert.Throws<SchedulerConfigException>(() => Scheduler.FromConfig("scheduler_config.json")).Message, StringComparison.Ordinal);
        Assert.Contains("use Scheduler.FromFile(path)", Assert.Throws<SchedulerConfigException>(() => Scheduler.FromConfig("models/sd/scheduler")).Message, StringComparison.Ordinal);
        Assert.Contains("it is not JSON", Assert.Throws<SchedulerConfigException>(() => Scheduler.FromConfig("""{"a": "b.json" """)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyANearKeyIsNamed()
    {
        Assert.Contains("the nearest is 'beta_start'", Refused("beta_strat"), StringComparison.Ordinal);
        Assert.DoesNotContain("nearest", Refused("my_own_setting"), StringComparison.Ordinal);

        static string Refused(string key) => Assert.Throws<SchedulerConfigException>(() => Scheduler.FromConfig($$"""{"{{key}}": 1}""", "DDIMScheduler")).Message;
    }

    [Theory]
    [InlineData("ddim20+CGF3", "; must be a part that begins with one of ", "'CGF3' is not allowed (did you mean 'CFG', ClassifierFreeGuidance?)", true)]
    [InlineData("ddim20+easycach0.05", "; must be a part that begins with one of ", "'easycach0.05' is not allowed (did you mean 'EC', EasyCache?)", true)]
    [InlineData("ddim20+CFG3+GI:shre0.2to0.8", "must be guided steps: one of ", "'shre0.2to0.8' is not allowed (did you mean 'share'?)", true)]
    [InlineData("ddim20+CFG3+GI:xyz", "must be guided steps: one of ", "time.", false)]
    [InlineData("ddim20+C3", "(cached): 'where' is missing", "", false)]
    public void AMisspeltTagIsUnderstood(string tag, string message, string meant, bool isUnderstood)
    {
        var refused = Assert.Throws<PlanException>(() => AccelerationPlan.Parse(tag)).Message;
        Assert.Contains(message, refused, StringComparison.Ordinal);
        Assert.Contains(meant, refused, StringComparison.Ordinal);
        Assert.Equal(isUnderstood, refused.Contains("did you mean", StringComparison.Ordinal));
    }

    [Fact]
    public void CostsOfUsualLayersAreWrittenInWords()
    {
        Assert.Equal(new CostModel(0, 6), CostModel.Linear(2, 3));
        Assert.Equal(new CostModel(0, 9 * 6), CostModel.Conv2d(2, 3));
        Assert.Equal(new CostModel(0, 6), CostModel.Conv2d(2, 3, kernel: 1));
        Assert.Equal(new CostModel(0, 256, 16), CostModel.Attention(8));
        Assert.Equal(new TokenLayout(2, 4, 3, 7), new TokenLayout(2, 8, 7, 7).Halved());
    }
}
