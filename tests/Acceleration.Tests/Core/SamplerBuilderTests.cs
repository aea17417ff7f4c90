using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>Misuse of the builder and requests that do not fit, refused before anything is computed.</summary>
public sealed class SamplerBuilderTests : CoreTest
{
    private readonly ChainToy _net = new(size: [1, 4, 4]);

    public SamplerBuilderTests() => Own(_net);

    private Sampler Plain => Sampler.For(_net).FlowEuler(2).Build();

    private ArgumentException Refused(SamplingRequest request)
    {
        using var condition = request.Condition;
        var e = Assert.ThrowsAny<ArgumentException>(() => Plain.Start(request));
        Assert.Empty(_net.Calls);
        return e;
    }

    [Fact]
    public void WithoutASolver() =>
        Assert.Contains("Choose a solver first", Assert.Throws<InvalidOperationException>(() => Sampler.For(_net).Build()).Message, StringComparison.Ordinal);

    [Fact]
    public void NullsAndEmptyPlans()
    {
        Assert.Throws<ArgumentNullException>(() => Sampler.For(null!));
        Assert.Throws<ArgumentNullException>(() => Sampler.For(_net).Use(null!));
        Assert.Throws<ArgumentException>(() => Sampler.For(_net).Solve(new FlowEuler(), Array.Empty<Stage>()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.For(_net).FlowEuler(0));
        Assert.Throws<ArgumentNullException>(() => Plain.Start(null!));
    }

    [Fact]
    public void AFlowNetworkHasNoDdimSchedule() =>
        Assert.Contains("use .FlowEuler", Assert.Throws<InvalidOperationException>(() => Sampler.For(_net).Ddim(5)).Message, StringComparison.Ordinal);

    [Fact]
    public void AStageTheNetworkCannotTake()
    {
        var grid = FlowSchedule.FromSigmas([1, 0.5]);
        Assert.Throws<ArgumentException>(() => Sampler.For(_net).Solve(new FlowEuler(), [new([2, 4, 4], grid)]).Build());
        Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.For(_net).Solve(new FlowEuler(), [new(null, grid) { Strength = 0 }]).Build());
    }

    [Fact]
    public void TheTagNamesSolverStepsAndStrategies() =>
        Assert.Equal("flow-euler2+CFG2", Sampler.For(_net).FlowEuler(2).Guidance(2).Build().Tag);

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    public void LabelsOutOfRange(long label)
    {
        var e = Refused(new() { Condition = Conditioning.Labels(3, label) });
        Assert.Contains("chain has classes 0..9 (and 10 for none)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NegativeLabelsAreCheckedToo()
    {
        using var negative = Conditioning.Labels(99);
        Assert.Contains("classes 0..9", Refused(Toy.Request() with { Negative = negative }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsOfAnotherType() =>
        Assert.Contains("must be int64", Refused(new() { Condition = new(1, ("labels", zeros(1))) }).Message, StringComparison.Ordinal);

    [Fact]
    public void FirstLatentsOfAnotherShape() =>
        Assert.Contains(
            "First latents must be [2, 1, 4, 4]; they are [1, 1, 4, 4]", Refused(Toy.Request(2) with { Latents = zeros(1, 1, 4, 4) }).Message, StringComparison.Ordinal);

    [Fact]
    public void NegativeRowsThatDoNotFit()
    {
        using var negative = Conditioning.Labels(1, 2);
        Assert.Contains("it has 2", Refused(Toy.Request(3) with { Negative = negative }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANetworkThatHalvesItsSidesSaysWhatTheyMustBeMultiplesOf()
    {
        using var halving = Denoiser.From(_net.Info with { SizeMultiple = 4 }, (x, _, _) => x);
        using var condition = Conditioning.Labels(0);
        var sampler = Sampler.For(halving).FlowEuler(1).Build();
        Assert.Contains("multiples of 4", Assert.Throws<ArgumentException>(() => sampler.Start(new() { Condition = condition, Size = [1, 4, 6] })).Message, StringComparison.Ordinal);
        Assert.Equal(2, (_net.Info with { Patch = 2 }).SizeMultiple);
        Assert.Throws<ArgumentOutOfRangeException>(() => _net.Info with { SizeMultiple = 0 });
    }

    [Fact]
    public void ANetworkOfOneFixedSizeRefusesOthers()
    {
        const string Reason = "fixed is of one fixed size (IsFixedSize): requests and all stages have latents of size [1, 4, 4]; got ";
        using var network = Denoiser.From(_net.Info with { Name = "fixed", IsFixedSize = true }, (x, _, _) => x);
        using var condition = Conditioning.Labels(0);
        var sampler = Sampler.For(network).FlowEuler(1).Build();
        Assert.StartsWith(Reason + "[1, 8, 8].", Assert.Throws<ArgumentException>(() => sampler.Start(new() { Condition = condition, Size = [1, 8, 8] })).Message, StringComparison.Ordinal);
        using var session = sampler.Start(new() { Condition = condition, Size = [1, 4, 4] });
        Assert.StartsWith(Reason + "[1, 6, 6].", Assert.Throws<ArgumentException>(() => NetworkCheck.Run(network, size: [1, 6, 6])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StagesOfANetworkOfOneFixedSizeHaveItsResolution()
    {
        const string Reason = "fixed is of one fixed size (IsFixedSize): requests and all stages have latents of size [1, 4, 4]; got ";
        using var network = Denoiser.From(_net.Info with { Name = "fixed", IsFixedSize = true }, (x, _, _) => x);
        var grid = FlowSchedule.FromSigmas([1, 0.5]);
        SamplerBuilder[] others =
        [
            Sampler.For(network).Solve(new FlowEuler(), [new([1, 8, 8], grid)]),
            Sampler.For(network).Bottleneck([new(1, 2), new(0.5, 2, 0.8), new(1, 2, 0.6)]),
            Sampler.For(network).Upsampling([new(0.5, 2, 0.4), new(1, 2, 1)]),
        ];
        Assert.All(others, b => Assert.StartsWith(Reason, Assert.Throws<ArgumentException>(b.Build).Message, StringComparison.Ordinal));
        Sampler.For(network).Bottleneck([new(1, 2), new(1, 2, 0.6)]).Build();
        Sampler.For(_net).Bottleneck([new(1, 2), new(0.5, 2, 0.8), new(1, 2, 0.6)]).Build();
    }

    [Theory]
    [InlineData(new long[] { 1, 6, 8 })]
    [InlineData(new long[] { 2, 8, 8 })]
    [InlineData(new long[] { 1, 0, 8 })]
    [InlineData(new long[] { 1, 8 })]
    public void SizesThatAreNoMultipleOfThePatch(long[] size)
    {
        using var patched = Denoiser.From(_net.Info with { Patch = 4 }, (x, _, _) => x);
        var sampler = Sampler.For(patched).FlowEuler(2).Build();
        var request = Toy.Request() with { Size = size };
        using var condition = request.Condition;
        var e = Assert.Throws<ArgumentException>(() => sampler.Start(request));
        Assert.Contains("sides that are multiples of 4", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APreviewPeriodBelowZero() => Assert.IsType<ArgumentOutOfRangeException>(Refused(Toy.Request() with { PreviewEvery = -1 }));
}
