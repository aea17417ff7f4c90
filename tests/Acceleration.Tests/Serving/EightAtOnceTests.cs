using Acceleration.Models;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Serving;

/// <summary>Eight requests at once over one set of weights, each of another plan and shape, equal serial ones bit for bit.</summary>
public sealed class EightAtOnceTests : LiveTensorTest
{
    private static readonly (int Steps, double Eta, string Plan)[] Plans =
    [
        (6, 1, ""), (7, 1, "CFG2"), (8, 0, "CFG2+EC0.1"), (9, 0, "CFG2+AG0.9"), (10, 0, "DD2x2b5"), (11, 0, "CFG3+IF3"), (6, 0.5, "TM0.5"), (8, 1, "CFG2+AG0.9+EC0.05"),
    ];

    [Fact]
    public async Task OfASmallTransformer()
    {
        using var network = new ChainToy(type: PredictionType.Epsilon);
        await AtOnceAsSerially(network, step: 2);
    }

    [Fact]
    public async Task OfTheSampleNetwork()
    {
        using var network = DiT.Load(Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors"));

        // Operators are timed when they first meet a shape, positions are made then: both stay, and are no request's.
        using (var condition = Conditioning.Labels(1))
        {
            foreach (var side in Enumerable.Range(0, 8).Select(i => 8L + (4 * (i % 3))))
            {
                Sampler.For(network).Ddim(1).Build().Generate(new() { Condition = condition, Size = [1, side, 8] }, cancellation: TestContext.Current.CancellationToken).Dispose();
            }
        }

        await AtOnceAsSerially(network, step: 4);
    }

    private static async Task AtOnceAsSerially(IDenoiser network, int step)
    {
        var before = TorchSharp.torch.Tensor.TotalCount;
        var token = TestContext.Current.CancellationToken;
        var samplers = Plans.Select(p => Build(Sampler.For(network).Ddim(p.Steps, eta: p.Eta), p.Plan)).ToArray();
        var requests = Plans.Select((_, i) => new SamplingRequest
        {
            Condition = Conditioning.Labels([.. Enumerable.Range(0, 1 + (i % 3)).Select(k => (long)(i + k) % 10)]),
            Seed = 100 * i,
            Size = [1, 8 + (step * (i % 3)), 8],
        }).ToArray();
        var serial = new List<(float[] Values, Trace Trace)>();
        foreach (var (sampler, request) in samplers.Zip(requests))
        {
            using var result = sampler.Generate(request, cancellation: token);
            serial.Add((result.Latents.Floats(), result.Trace));
        }

        // All of them inside their first step before one goes on.
        using var together = new Barrier(Plans.Length);
        var atOnce = await Task.WhenAll(samplers.Zip(requests).Select(p => p.First.GenerateAsync(p.Second, new AtFirstStep(() => together.SignalAndWait(token)), token)));
        for (var i = 0; i < Plans.Length; i++)
        {
            using var result = atOnce[i];
            Assert.Equal(serial[i].Values, result.Latents.Floats());
            Assert.Equal(Costs(serial[i].Trace), Costs(result.Trace));
            requests[i].Condition.Dispose();
        }

        Assert.Equal(before, TorchSharp.torch.Tensor.TotalCount);
        Assert.Contains(serial, s => s.Trace.Evaluations < s.Trace.FullEvaluations);
    }

    private static Sampler Build(SamplerBuilder builder, string plan) => (plan.Length == 0 ? builder : builder.Plan(AccelerationPlan.Parse(plan))).Build();

    private static IEnumerable<(int, double, string)> Costs(Trace trace) => trace.Steps.Select(s => (s.ComputedRows, s.MultiplyAdds, string.Join(' ', s.Decisions)));

    private sealed class AtFirstStep(Action wait) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value)
        {
            if (value.Step == 1)
            {
                wait();
            }
        }
    }
}
