using Acceleration.Tests.Caching;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>Several conditions with weights: the request brings them, and whatever holds a request holds them.</summary>
public sealed class ComposedGuidanceTests : LiveTensorTest
{
    private readonly IDenoiser _labels = Toy.Affine(0, 0, shift: 1);
    private readonly ChainToy _chain = new();

    public ComposedGuidanceTests() => Own(_labels, _chain);

    [Fact]
    public void EveryConditionAddsItsDifference()
    {
        using var scope = NewDisposeScope();
        var replay = new Replay([zeros(2, 1, 4, 4)]);
        using var condition = Conditioning.Labels(1, 2);
        using var negative = Conditioning.Labels(4);
        using var each = Conditioning.Labels(6, 9);
        using var shared = Conditioning.Labels(7);
        var sampler = Sampler.For(_labels).Solve(replay, replay.Grid).Use(new ComposedGuidance(3, [2, -1])).Build();
        using (var result = sampler.Generate(new() { Condition = condition, Negative = negative, Others = [each, shared] }, cancellation: TestContext.Current.CancellationToken))
        {
            // 4 + 3·(1 − 4) + 2·(6 − 4) − (7 − 4) and 4 + 3·(2 − 4) + 2·(9 − 4) − (7 − 4).
            Assert.Equal([-4, 5], replay.Outputs[0].Chunk(16).Select(s => s.Distinct().Single()));
            Assert.Equal(4, result.Trace.Evaluations);
        }
    }

    [Fact]
    public void AWeightOfZeroIsNotEvaluated()
    {
        using var other = Conditioning.Labels(6);
        using var condition = Conditioning.Labels(0, 1);
        Assert.Equal(Run(new ClassifierFreeGuidance(3), condition).Values, Run(new ComposedGuidance(3, [0]), condition, other).Values);
        Assert.Equal(16, Run(new ComposedGuidance(3, [0]), condition, other).Evaluations);
        Assert.Equal(8, Run(new ComposedGuidance(1, [0]), condition, other).Evaluations);
        Assert.Equal(24, Run(new ComposedGuidance(1, [0.5]), condition, other).Evaluations);
    }

    [Fact]
    public void ABatchEqualsItsSamplesAlone()
    {
        using var condition = Conditioning.Labels(0, 1);
        using var others = Conditioning.Labels(6, 7);
        var guidance = new ComposedGuidance(2, [1.5]);
        var batch = Run(guidance, condition, others).Values.Chunk(16).ToArray();
        for (var s = 0; s < 2; s++)
        {
            using var one = Conditioning.Labels(s);
            using var other = Conditioning.Labels(6 + s);
            Near(batch[s], Run(guidance, one, 5 + s, other).Values);
        }
    }

    [Fact]
    public void FurtherConditionsEndWithGuidanceAndKeepToIntervals()
    {
        using var condition = Conditioning.Labels(0, 1);
        using var other = Conditioning.Labels(6);
        SamplerBuilder Builder() => Sampler.For(_chain).FlowEuler(8).Use(new ComposedGuidance(2, [1]));
        Assert.Equal([6, 6, 6, 2, 2, 2, 2, 2], Rows(Builder().Use(new AdaptiveGuidance(-1) { Warmup = 2 }), condition, other));
        Assert.Equal([2, 2, 6, 6, 2, 2, 2, 2], Rows(Builder().Use(GuidanceInterval.Share(0.25, 0.5)), condition, other));
        // Where the difference is held, the unconditional branch has a stand-in and the others go on.
        Assert.Equal([6, 6, 6, 4, 4, 4, 4, 4], Rows(Builder().Use(new AdaptiveGuidance(-1) { Warmup = 2, Tail = GuidanceTail.HoldDelta }), condition, other));
    }

    [Fact]
    public void SessionsKeepThem()
    {
        var path = Path.Combine(Path.GetTempPath(), $"composed-{Guid.NewGuid():N}.session");
        var sampler = KnownCombiner.On(_chain, new ComposedGuidance(2, [1, -0.5]));
        using var condition = Conditioning.Labels(0, 1);
        var (each, shared) = (Conditioning.Labels(6, 7), Conditioning.Labels(8));
        using var session = sampler.Start(new() { Condition = condition, Others = [each, shared], Seed = 5 });
        // The session has copies.
        each.Dispose();
        shared.Dispose();
        session.Advance(TestContext.Current.CancellationToken);
        using var clone = session.Clone();
        session.Save(path);
        using var loaded = SamplingSession.Load(sampler, path);
        File.Delete(path);
        foreach (var s in new[] { session, clone, loaded })
        {
            s.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        }

        Same(session.Latents, clone.Latents);
        Same(session.Latents, loaded.Latents);
    }

    [Fact]
    public async Task APoolBatchesRequestsWithAsManyConditions()
    {
        var sampler = KnownCombiner.On(_chain, new ComposedGuidance(2, [1]));
        using var first = Conditioning.Labels(0);
        using var second = Conditioning.Labels(1, 2);
        using var one = Conditioning.Labels(6);
        using var two = Conditioning.Labels(7, 8);
        SamplingRequest[] requests = [new() { Condition = first, Others = [one], Seed = 1 }, new() { Condition = second, Others = [two], Seed = 2 }, new() { Condition = second, Others = [one], Seed = 3 }];
        float[][] alone = [.. requests.Select(r =>
        {
            using var result = sampler.Generate(r, cancellation: TestContext.Current.CancellationToken);
            return result.Latents.Floats();
        })];
        await using var pool = new SamplerPool(new SamplerPoolOptions { Workers = 1, MaxBatchSamples = 8, GatherFor = TimeSpan.FromSeconds(1) });
        var results = await Task.WhenAll(requests.Select(r => pool.GenerateAsync(sampler, r, cancellation: TestContext.Current.CancellationToken)));
        foreach (var (result, expected) in results.Zip(alone))
        {
            // Products of matrices may round otherwise in another shape.
            using (result)
            {
                Near(expected, result.Latents.Floats());
            }
        }

        // Seed and conditions matter by far more than rounding.
        Assert.True(alone[0].Zip(alone[1], (a, b) => Math.Abs(a - b)).Max() > 0.01);
        Assert.True(alone[1].Zip(alone[2], (a, b) => Math.Abs(a - b)).Max() > 0.01);
    }

    [Fact]
    public void ARequestThatDoesNotFitIsRefusedByWhatIsWrong()
    {
        var composed = KnownCombiner.On(_chain, new ComposedGuidance(2, [1, 1]));
        using var condition = Conditioning.Labels(0, 1);
        using var three = Conditioning.Labels(1, 2, 3);
        using var unknown = Conditioning.Labels(77);
        using var text = new Conditioning(1, ("text", zeros(1, 4)));
        Refused("combines 2 further conditions: give them as Others", composed);
        Refused("combines 2 further conditions; the request has 1", composed, condition);
        Refused("one row per sample (2) or one for all; number 2 has 3", composed, condition, three);
        Refused("further condition 1 [text]", composed, text, condition);
        Refused("has classes 0..9", composed, condition, unknown);
        Refused("nothing in flow-euler8+CFG2 combines them", KnownCombiner.On(_chain, new ClassifierFreeGuidance(2)), condition);

        void Refused(string reason, Sampler sampler, params Conditioning[] others) =>
            Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(() => sampler.Start(new() { Condition = condition, Others = others })).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Rows(SamplerBuilder builder, Conditioning condition, Conditioning other)
    {
        using var result = builder.Build().Generate(new() { Condition = condition, Others = [other] });
        return [.. result.Trace.Steps.Select(s => s.ComputedRows)];
    }

    private (float[] Values, double Evaluations) Run(IStrategy guidance, Conditioning condition, params Conditioning[] others) => Run(guidance, condition, 5, others);

    private (float[] Values, double Evaluations) Run(IStrategy guidance, Conditioning condition, long seed, params Conditioning[] others)
    {
        using var result = KnownCombiner.On(_chain, guidance).Generate(new() { Condition = condition, Others = others, Seed = seed });
        return (result.Latents.Floats(), result.Trace.Evaluations);
    }
}
