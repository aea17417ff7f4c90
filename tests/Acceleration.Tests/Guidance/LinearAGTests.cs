using Acceleration.Tests.Caching;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using Acceleration.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

public sealed class LinearAGTests : LiveTensorTest
{
    private const int Steps = 20;

    [Theory]
    [InlineData(LinearTail.Conditional, LinearForm.ThreeTerm)]
    [InlineData(LinearTail.Estimated, LinearForm.ThreeTerm)]
    [InlineData(LinearTail.Estimated, LinearForm.Full)]
    public void ANetworkThatObeysARuleIsReproducedWithAQuarterOfTheUnconditionalEvaluations(LinearTail tail, LinearForm form)
    {
        using var network = new RecursiveNetwork();
        var calibration = LinearAGCalibration.For(Guided(network));
        using (var labels = Conditioning.Labels(1, 2, 3))
        {
            calibration.Record(new() { Condition = labels, Seed = 100 }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(3, calibration.Fit.Trajectories);
        var plan = calibration.Plan(new() { Tail = tail, Form = form });
        var (guided, all) = Toy.Run(Guided(network).Build(), 2);
        var (values, trace) = Toy.Run(Sampler.For(network).Plan(plan).Build(), 2);

        Assert.Equal(40, all.Evaluations);
        Assert.Equal(25, trace.Evaluations);
        Assert.Equal([4, 2, 4, 2, 4, 2, 4, 2, 4, 2, .. Enumerable.Repeat(2, 10)], trace.Steps.Select(s => s.ComputedRows));
        if (tail == LinearTail.Estimated)
        {
            var largest = guided.Max(Math.Abs);
            Assert.All(guided.Zip(values), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, 1e-4 * largest));
        }
        else
        {
            Assert.NotEqual(guided, values);
        }
    }

    [Fact]
    public void TheWeightsOfARuleAreFound()
    {
        using var network = new RecursiveNetwork();
        var calibration = LinearAGCalibration.For(Guided(network));
        var request = Toy.Request(4);
        using var condition = request.Condition;
        calibration.Record(request, TestContext.Current.CancellationToken);
        foreach (var fitted in calibration.Fit.FitAll(new() { Form = LinearForm.ThreeTerm, Tail = LinearTail.Estimated }))
        {
            if (fitted.Weights.Step == 1)
            {
                // u_0 is half of c_0: their weights are shared.
                Assert.Equal(0.25, fitted.Weights.Conditional[1] + (fitted.Weights.Unconditional[0] / 2), 1e-4);
                continue;
            }

            Assert.Equal(0.7, fitted.Weights.Conditional[0], 1e-3);
            Assert.Equal(0.2, fitted.Weights.Conditional[1], 1e-3);
            Assert.Equal(0.1, fitted.Weights.Unconditional[0], 1e-3);
            Assert.InRange(fitted.Relative, 0, 1e-5);
        }
    }

    [Fact]
    public void AConstantIsFittedWhereItIsAskedFor()
    {
        var fit = new LinearAGFit(2);
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        Tensor[] c = [randn([2, 1, 4, 4], generator: generator), randn([2, 1, 4, 4], generator: generator)];
        fit.Add(c, [c[0], (c[1] * 0.5) + (c[0] * 0.25) + 3]);
        var with = fit.Fit(1, new() { Form = LinearForm.ThreeTerm, Intercept = true });
        // c_0 = u_0: their weights are shared.
        Assert.Equal(0.5, with.Weights.Conditional[0], 1e-6);
        Assert.Equal(0.25, with.Weights.Conditional[1] + with.Weights.Unconditional[0], 1e-6);
        Assert.Equal(3, with.Weights.Intercept, 1e-6);
        Assert.InRange(with.Rms, 0, 1e-6);
        Assert.InRange(fit.Fit(1).Rms, 1, 3);
        Assert.Contains("not determined", Assert.Throws<InvalidOperationException>(() => fit.Fit(1, new() { Ridge = 0 })).Message);
    }

    [Fact]
    public void EstimatesAreTheWeightedSumOfWhatTheSampleSaw()
    {
        // c = 10, 11, 12, ... and u = step² where it is evaluated.
        var info = Toy.Info("steps") with { LearnedVariance = true };
        using var network = Denoiser.From(info, (x, _, _, e) => cat(
            [cat([.. e.Rows.Select(r => full_like(x.narrow(0, 0, 1), r.Branch == Branch.Unconditional ? e.Step.Index * e.Step.Index : 10 + e.Step.Index))], 0), x * 0], 1));
        using var scope = NewDisposeScope();
        var replay = new Replay([.. Enumerable.Repeat(zeros(2, 1, 4, 4), 6)]);
        var guidance = new LinearAG([new(1, [1, 2], [3], 0.5), new(3, [1], [1, 1, 1]), new(4, [1], [1, 0, 0, 2])]) { TailFrom = 5 };
        var trace = replay.Run(network, new ClassifierFreeGuidance(2), guidance);
        // u: 0, 11 + 2·10 + 0 + 0.5 = 31.5, 4, 13 + 4 + 31.5 + 0 = 48.5, 14 + 48.5 + 0 = 62.5, none; g = 2c − u.
        Assert.Equal([20, -9.5, 20, -22.5, -34.5, 15], replay.Outputs.Select(o => (double)o[0]));
        Assert.Equal([4, 2, 4, 2, 2, 2], trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void WithoutEstimatesItIsPlainGuidance()
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        var (plain, _) = Toy.Run(Guided(network).Build(), 2);
        var (values, trace) = Toy.Run(Guided(network).Use(new LinearAG([]) { TailFrom = Steps }).Build(), 2);
        Assert.Equal(plain, values);
        Assert.Equal(2 * Steps, trace.Evaluations);
        Assert.Equal(Steps + (Steps / 2), Toy.Run(Guided(network).Use(new LinearAG([])).Build()).Trace.Evaluations);
    }

    [Fact]
    public void WhatIsMissingIsEvaluated()
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        var table = new LinearAG([new(1, [0.9, 0], [0.1]), new(3, [0.9, 0], [0.1]), new(5, [0.9, 0], [0.1])]);

        // The interval leaves out what step 3 would be estimated from.
        var (_, trace) = Toy.Run(Guided(network).Use(table).Use(GuidanceInterval.Steps(3, 12)).Build());
        Assert.Equal([1, 1, 1, 2, 2, 1, 2, 2, 2, 2, .. Enumerable.Repeat(1, 10)], trace.Steps.Select(s => s.ComputedRows));

        var watched = new WatchedStrategy(table);
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = Guided(network).Use(watched).Build().Start(request);
        for (var step = 0; step < Steps; step++)
        {
            if (step == 3)
            {
                watched.Store!.Evict(0);
            }

            session.Advance(TestContext.Current.CancellationToken);
        }

        Assert.Equal([4, 2, 4, 4, 4, 2, 4], session.Trace.Steps.Take(7).Select(s => s.ComputedRows));
        Assert.Equal(0, watched.Store!.Bytes);
    }

    [Fact]
    public void ItStacksOnACacheAndABatchEqualsItsSamples()
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        var table = new LinearAG([new(1, [0.9, 0], [0.1]), new(3, [0.8, 0.1], [0.1]), new(5, [0.9], [])]);
        var sampler = Guided(network).Use(table).Use(new Cached(Where.Blocks, new Interval(2), How.LastValue)).Build();
        var (both, trace) = Toy.Run(sampler, 2);
        Assert.Equal(17 + Steps - 10, trace.Evaluations);
        using var second = Conditioning.Labels(1);
        using var alone = sampler.Generate(new() { Condition = second, Seed = 6 }, cancellation: TestContext.Current.CancellationToken);
        Close.All(alone.Latents.Floats(), both[16..]);
    }

    private static SamplerBuilder Guided(IDenoiser network) => Sampler.For(network).Ddim(Steps).Guidance(3);
}
