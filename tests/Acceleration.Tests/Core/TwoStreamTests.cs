using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core;

/// <summary>A value of two streams, through double-stream and single-stream blocks of one chain.</summary>
public sealed class TwoStreamTests : CoreTest
{
    private readonly TwoStreamToy _net = new();
    private readonly Conditioning _text = TwoStreamToy.Text(2);
    private readonly float[] _plain;

    public TwoStreamTests()
    {
        Own(_net, _text);
        _plain = Run().Values;
        _net.Calls.Clear();
    }

    private (float[] Values, Trace Trace) Run(params IStrategy[] strategies) => Run(new() { Condition = _text, Seed = 3 }, strategies);

    private (float[] Values, Trace Trace) Run(SamplingRequest request, params IStrategy[] strategies)
    {
        var sampler = strategies.Aggregate(Sampler.For(_net).FlowEuler(3), (b, s) => b.Use(s)).Build();
        using var result = sampler.Generate(request, cancellation: TestContext.Current.CancellationToken);
        return (result.Latents.Floats(), result.Trace);
    }

    [Fact]
    public void RangesMayCrossFromDoubleToSingleStream() =>
        Assert.Equal(_plain, Run(Probe.Chain((_, h, next) => next.Invoke(next.Invoke(next.Invoke(h, 0, 1), 1, 3), 3, 4))).Values);

    [Fact]
    public void AResidualOfBothStreamsCanBeAppliedAcrossTheBoundary()
    {
        // input + (output − input): members are no views of a joint tensor any more, and block 3 has to join them.
        var (values, _) = Run(Probe.Chain((_, h, next) =>
        {
            var start = next.Invoke(h, 0, 1);
            var delta = next.Invoke(start, 1, 3).Zip(start, static (o, i) => o - i);
            return next.Invoke(start.Zip(delta, static (i, d) => i + d), 3, 4);
        }));
        Near(_plain, values);
    }

    [Fact]
    public void SomeRows() => Near(_plain, Run(Probe.Chain((_, h, next) =>
        Value.Concat([next.InvokeRows(h, [0], 0, 4), next.InvokeRows(h, [1], 0, 4)]))).Values);

    [Fact]
    public void BlocksHaveHooksThatSeeBothStreams()
    {
        var shapes = new List<(string, long, long)>();
        Assert.Equal(_plain, Run(Probe.Site(Where.Blocks, (call, h, next) =>
        {
            shapes.Add((call.Site.Path, h.Main.size(1), h.Text!.size(1)));
            Assert.Equal((16, 3, TextPlace.Before), (call.Layout!.Tokens, call.Layout.TextLength, call.Layout.Place));
            return next.Invoke(h);
        })).Values);
        Assert.Equal([("blocks.0", 16, 3), ("blocks.1", 16, 3), ("blocks.2", 16, 3), ("blocks.3", 16, 3)], shapes[..4]);
    }

    [Fact]
    public void BothStreamsAreCached()
    {
        var (values, trace) = Run(new DeltaDiT(3, Blocks: 2) { End = CachedEnd.Rear, ForceLast = false });
        Assert.Equal(["blocks.0", "blocks.1", "blocks.2", "blocks.3", "blocks.0", "blocks.1", "blocks.0", "blocks.1"], _net.Calls.Select(c => c.Site));
        // Image and text residual of one range: 2 rows × (16 + 3) tokens × 4 × 4 bytes.
        Assert.Equal(2 * 19 * 4 * 4, trace.PeakCacheBytes);
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void OneNegativePromptServesAllSamples()
    {
        using var one = TwoStreamToy.Text(1);
        using var two = new Conditioning(2, ("text", one["text"].expand(2, -1, -1).contiguous()));
        var request = new SamplingRequest { Condition = _text, Seed = 3 };
        var expected = Run(request with { Negative = two }, new ClassifierFreeGuidance(2)).Values;
        Assert.Equal(expected, Run(request with { Negative = one }, new ClassifierFreeGuidance(2)).Values);
        Assert.NotEqual(expected, Run(request, new ClassifierFreeGuidance(2)).Values);
    }
}
