using Acceleration.Onnx;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>Whole requests at once on one model: of other sizes, texts, numbers of pictures and strategies. Each gives the bits that it gives alone.</summary>
[Collection(OnnxSplits.Name)]
public sealed class OnnxConcurrencyTests(OnnxSplits splits) : OnnxTest
{
    private const int Times = 3;

    [Fact]
    public void OfManyTextsAndStrategiesOnOneSplitModel()
    {
        using var network = OnnxDenoiser.Load(splits.Sd3);
        IStrategy?[] strategies = [null, new Fora(2), new Cached(Where.Blocks, new Interval(2), How.LastResidual), new TaylorSeer(2), new EasyCache(0.05), new DeltaDiT(2, 1, 2)];
        Require(network, [.. strategies.Select((s, i) => (s, Request(1 + (i % 3), i, new[] { 5, 9, 14 }[i % 3])))]);

        static SamplingRequest Request(int rows, int seed, int text)
        {
            manual_seed(seed);
            return new() { Condition = new(rows, ("text", randn(rows, text, 16)), ("pooled", randn(rows, 24))), Seed = seed };
        }
    }

    [Fact]
    public void OfManySizesOnOneWholeModel()
    {
        using var network = OnnxDenoiser.Load(Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", "fashion-dit"));
        IStrategy?[] strategies = [null, new EasyCache(0.05), new IntervalForecast(2), null];
        Require(network, [.. strategies.Select((s, i) => (s, new SamplingRequest { Condition = Conditioning.Labels([.. Enumerable.Range(i, 1 + (i % 2)).Select(l => (long)l)]), Seed = i, Size = [1, 8 * (1 + (i % 3)), 16] }))]);
    }

    private static void Require(OnnxDenoiser network, (IStrategy? Strategy, SamplingRequest Request)[] requests)
    {
        var samplers = requests.Select(r => r.Strategy is null ? Plain(network).Build() : Plain(network).Use(r.Strategy).Build()).ToArray();
        var expected = requests.Select((r, i) => Values(samplers[i], r.Request)).ToArray();
        var wrong = 0;
        Exception? error = null;
        var threads = requests.Select((r, i) => new Thread(() =>
        {
            try
            {
                for (var k = 0; k < Times; k++)
                {
                    if (!Values(samplers[i], r.Request).AsSpan().SequenceEqual(expected[i]))
                    {
                        Interlocked.Increment(ref wrong);
                    }
                }
            }
            catch (Exception e)
            {
                error = e;
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Array.ForEach(requests, r => r.Request.Condition.Dispose());
        Assert.Null(error);
        Assert.Equal(0, wrong);
    }

    private static SamplerBuilder Plain(OnnxDenoiser network) => Sampler.For(network) is var builder && network.Info.Prediction == PredictionType.Flow ? builder.FlowEuler(5) : builder.Ddim(5);

    private static float[] Values(Sampler sampler, SamplingRequest request)
    {
        using var result = sampler.Generate(request);
        return result.Latents.data<float>().ToArray();
    }
}
