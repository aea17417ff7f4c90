using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>NaN and infinity are found in the step that made them, named with branch and strategy, and cost no read of their own where values are read anyway.</summary>
public sealed class NonFiniteTests : LiveTensorTest
{
    private const int Steps = 6;
    private readonly ChainToy _net = new();
    private readonly List<IDisposable> _made = [];

    public NonFiniteTests() => Own(_net);

    /// <summary>Runs once at once and once with checks that wait for the next read, as on a GPU.</summary>
    public static TheoryData<bool> Waiting => [false, true];

    protected override void Release() => _made.ForEach(m => m.Dispose());

    private static SamplerBuilder For(IDenoiser network, bool waits = false)
    {
        var builder = Sampler.For(network).FlowEuler(Steps);
        builder.DefersFiniteChecks = waits;
        return builder;
    }

    /// <summary>The toy, whose output at one step is spoilt for some rows.</summary>
    private IDenoiser Spoilt(int step, float with, params long[] rows)
    {
        var network = Denoiser.From(_net.Info, (x, t, c, e) =>
        {
            var output = _net.Predict(x, t, c, e);
            if (e.Step.Index == step)
            {
                foreach (var row in rows.Where(r => r < output.size(0)))
                {
                    output[row, 0, 1, 2] = with;
                }
            }

            return output;
        });
        _made.Add(network);
        return network;
    }

    private static SamplingException Fails(Sampler sampler, int samples = 2)
    {
        var request = Toy.Request(samples);
        using var condition = request.Condition;
        var e = Assert.Throws<SamplingException>(() => sampler.Generate(request, cancellation: TestContext.Current.CancellationToken));
        Assert.IsType<NonFiniteException>(e.InnerException);
        return e;
    }

    private static NonFiniteException Inner(SamplingException e) => (NonFiniteException)e.InnerException!;

    [Theory]
    [MemberData(nameof(Waiting))]
    public void TheNetworksOwnIsNamedWithStepSampleAndBranch(bool waits)
    {
        foreach (var value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            // Rows 0 and 1 are the conditional ones of samples 0 and 1, row 3 the unconditional one of sample 1.
            var e = Fails(For(Spoilt(3, value, 3), waits).Guidance(2).Build());
            Assert.Equal((3, "network"), (e.Step.Index, e.Site?.Path));
            Assert.Equal([new RowId(1, Branch.Unconditional)], Inner(e).Rows);
            Assert.Empty(Inner(e).Strategies);
            Assert.Equal(
                "Sampling failed at step 4 of 6 (time 500), site network: the network's output of sample 1, branch uncond, is not finite (NaN or infinity); no strategy had a part in it.", e.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public void StrategiesInsideTheNetworkAreNamed(bool waits)
    {
        var poison = Probe.Site(Where.Path("blocks.1"), (call, h, next) => call.Step.Index == 2 ? next.Invoke(h).Map(t => t / 0) : next.Invoke(h), tag: "poison");
        var e = Fails(For(_net, waits).Use(poison).Build());
        Assert.Equal((2, "network"), (e.Step.Index, e.Site?.Path));
        Assert.Equal(["poison"], Inner(e).Strategies);
        Assert.Contains("the network's output of samples 0, 1, branch cond, is not finite (NaN or infinity), with poison at work inside; .OnNonFinite(NonFinite.Recompute)", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public void WhatStandsForTheNetworkIsNotTakenForIt(bool waits)
    {
        var poison = Probe.Site(Where.Network, (call, h, next) => call.Step.Index == 2 ? h.Map(t => t * float.NaN) : next.Invoke(h), tag: "poison");
        var e = Fails(For(_net, waits).Use(poison).Build());
        Assert.Contains("what stands for the network's output of samples 0, 1, branch cond, is not finite (NaN or infinity), made by poison", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public void GuidanceIsNamedWhereBranchesAreFinite(bool waits)
    {
        var e = Fails(For(_net, waits).Guidance(1e38).Build());
        Assert.Equal((0, "prediction"), (e.Step.Index, e.Site?.Path));
        Assert.Equal(["CFG1E38"], Inner(e).Strategies);
        Assert.Contains("the guided prediction of", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public void AnUpdateIsNamedWithItsHook(bool waits)
    {
        var hook = new Probe("drift") { Start = (_, _) => new Spoiling() };
        var e = Fails(For(_net, waits).Use(hook).Build(), 1);
        Assert.Equal((Steps - 1, null), (e.Step.Index, e.Site));
        Assert.Contains("the latents of sample 0 after the update are not finite (NaN or infinity), made by drift.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public void FirstLatentsOfTheRequestAreLookedAt(bool waits)
    {
        using var latents = tensor([.. Enumerable.Range(0, 32).Select(i => i == 16 ? float.NaN : i)], [2, 1, 4, 4]);
        var request = Toy.Request(2) with { Latents = latents };
        using var condition = request.Condition;
        var e = Assert.Throws<SamplingException>(() => For(_net, waits).Build().Generate(request, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("the first latents of sample 1, given with the request, are not finite", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheNumberFormatIsSuspectedWhereItIsNarrow()
    {
        using var half = Denoiser.From(_net.Info with { DType = ScalarType.Float16 }, (x, _, _) => x * 1e5);
        Assert.Contains("float16 ends at 65504: bfloat16 or float32 may help.", Fails(For(half).Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RecomputingEqualsTheNetworkAlone()
    {
        var expected = Toy.Run(For(_net).Guidance(2).Build(), 2).Values;
        var poison = Probe.Site(Where.Path("blocks.1"), (call, h, next) => call.Step.Index is 1 or 4 ? next.Invoke(h).Map(t => t * float.NaN) : next.Invoke(h));
        var (values, trace) = Toy.Run(For(_net).Guidance(2).Use(poison).OnNonFinite(NonFinite.Recompute).Build(), 2);
        Assert.Equal(expected, values);
        Assert.Equal([1, 4], trace.Steps.Where(s => s.Recomputed is not null).Select(s => s.Step.Index));
        Assert.Equal([4, 8, 4, 4, 8, 4], trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void StrategiesBeginAnewAfterARecomputedStep()
    {
        var poison = Probe.Site(Where.Network, (call, h, next) => call.Step.Index == 3 ? h.Map(t => t * float.NaN) : next.Invoke(h));
        var every = new Cached(Where.Blocks, new Interval(3, ForceLast: false), How.LastValue);
        var trace = Toy.Run(For(_net).Use(every).Use(poison).OnNonFinite(NonFinite.Recompute).Build(), 2).Trace;
        // Blocks are computed in steps 0 and 3; what step 3 forgot is made up for in step 4.
        Assert.Equal(["0 False", "1 True", "2 True", "4 False", "5 True"], trace.Steps.Where(s => s.Decisions.Count > 0).Select(s => $"{s.Step.Index} {s.Decisions[0].Skip}"));
        Assert.NotNull(trace.Steps[3].Recomputed);
    }

    [Fact]
    public void RecomputingCannotMendTheNetwork()
    {
        var e = Fails(For(Spoilt(2, float.NaN, 0)).Use(new Cached(Where.Blocks, new Interval(2), How.LastValue)).OnNonFinite(NonFinite.Recompute).Build());
        Assert.Equal((2, "network"), (e.Step.Index, e.Site?.Path));
    }

    [Fact]
    public void IgnoringLetsItPass()
    {
        var values = Toy.Run(For(Spoilt(2, float.NaN, 0)).OnNonFinite(NonFinite.Ignore).Build(), 1).Values;
        Assert.Contains(values, float.IsNaN);
        Assert.Throws<ArgumentOutOfRangeException>(() => For(_net).OnNonFinite((NonFinite)7));
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public void LookingChangesNoBit(bool waits)
    {
        var expected = Toy.Run(For(_net).Guidance(2).Use(new EasyCache(2.5, 2)).OnNonFinite(NonFinite.Ignore).Build(), 3);
        foreach (var choice in new[] { NonFinite.Throw, NonFinite.Recompute })
        {
            var (values, trace) = Toy.Run(For(_net, waits).Guidance(2).Use(new EasyCache(2.5, 2)).OnNonFinite(choice).Build(), 3);
            Assert.Equal(expected.Values, values);
            Assert.Equal(expected.Trace.Steps.SelectMany(s => s.Decisions), trace.Steps.SelectMany(s => s.Decisions));
        }
    }

    [Fact]
    public void WhereChecksWaitTheyAreReadWithWhatIsReadAnyway()
    {
        var alone = Toy.Run(For(_net, waits: true).Build(), 2).Trace;
        Assert.Equal(1, alone.HostReads);
        Assert.Equal(1, alone.Steps[^1].HostReads);
        var ignored = Toy.Run(For(_net).Guidance(2).Use(new EasyCache(2.5, 2)).OnNonFinite(NonFinite.Ignore).Build(), 2).Trace;
        var cached = Toy.Run(For(_net, waits: true).Guidance(2).Use(new EasyCache(2.5, 2)).Build(), 2).Trace;
        Assert.True(ignored.HostReads > 1);
        Assert.Equal(ignored.Steps.SkipLast(1).Select(s => s.HostReads), cached.Steps.SkipLast(1).Select(s => s.HostReads));
        Assert.Equal(ignored.HostReads + 1, cached.HostReads);
    }

    [Fact]
    public void AStrategyThatReadsIsToldOfEarlierSteps()
    {
        // Spoilt in step 1, found by the read of step 2: the step that made it is named.
        var reading = Probe.Site(Where.Network, (call, h, next) =>
        {
            Assert.True(call.Step.Index <= 2);
            if (call.Step.Index == 2)
            {
                call.Read(h.Main.sum());
            }

            return next.Invoke(h);
        });
        Assert.Equal(1, Fails(For(Spoilt(1, float.NaN, 0), waits: true).Use(reading).Build()).Step.Index);
    }

    private sealed class Spoiling : Run, IUpdateHook
    {
        public Tensor Mean(StepInfo step, Tensor mean, Tensor? noiseScale) => step.IsLast ? mean * float.NaN : mean;
    }
}
