using Acceleration.Models;

namespace Acceleration.Tests.Serving;

/// <summary>Batches of the sample network equal single runs: the same decisions and costs, values within rounding.</summary>
public sealed class SampleNetworkPoolTests : PoolTest
{
    [Theory]
    [InlineData(1, "CFG2")]
    [InlineData(0, "CFG2+AG0.99+EC0.1")]
    [InlineData(0, "CFG2+DD2x5b3")]
    public async Task ABatchEqualsSingleRuns(double eta, string plan)
    {
        using var network = DiT.Load(Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors"));
        var sampler = Sampler.For(network).Ddim(6, eta: eta).Plan(AccelerationPlan.Parse(plan)).Build();
        SamplingRequest[] requests = [Ask(1, 2, 8) with { Size = [1, 16, 16] }, Ask(20, 5) with { Size = [1, 16, 16] }, Ask(30, 9) with { Size = [1, 16, 16] }];
        var alone = requests.Select(r => Alone(sampler, r)).ToArray();
        await using var pool = new SamplerPool();
        var first = await Occupy(pool);
        var tasks = requests.Select(r => pool.GenerateAsync(sampler, r, cancellation: Token)).ToArray();
        Net.Release();
        (await first).Dispose();
        for (var i = 0; i < requests.Length; i++)
        {
            var (values, trace) = await Taken(tasks[i]);
            SameCost(alone[i].Trace, trace);
            var scale = alone[i].Values.Max(Math.Abs);
            Assert.InRange(alone[i].Values.Zip(values, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4f * scale);
        }
    }
}
