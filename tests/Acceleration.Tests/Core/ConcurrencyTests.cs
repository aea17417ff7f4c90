using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

public sealed class ConcurrencyTests : LiveTensorTest
{
    private readonly ChainToy _net = new(type: PredictionType.Epsilon);

    public ConcurrencyTests() => Own(_net);

    private Sampler Accelerated => Sampler.For(_net).Ddim(8, eta: 1).Guidance(2).Use(new EasyCache(5)).Build();

    [Fact]
    public async Task ConcurrentRequestsEqualSerialOnes()
    {
        var sampler = Accelerated;
        var serial = Enumerable.Range(0, 4).Select(i => Toy.Run(sampler, 2, seed: i)).ToArray();
        var request = Toy.Request(2);
        using var condition = request.Condition;
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            i => sampler.GenerateAsync(request with { Seed = i }, cancellation: TestContext.Current.CancellationToken)));
        for (var i = 0; i < 4; i++)
        {
            using var result = results[i];
            Assert.Equal(serial[i].Values, result.Latents.Floats());
            Assert.Equal(serial[i].Trace.MultiplyAdds, result.Trace.MultiplyAdds);
            Assert.Equal(serial[i].Trace.Steps.SelectMany(s => s.Decisions), result.Trace.Steps.SelectMany(s => s.Decisions));
        }
    }

    [Fact]
    public async Task FiftyRequestsKeepTheLiveTensorCountFlat()
    {
        var sampler = Accelerated;
        var request = Toy.Request(2);
        using var condition = request.Condition;
        var before = Tensor.TotalCount;
        for (var i = 0; i < 50; i++)
        {
            (await sampler.GenerateAsync(request with { Seed = i }, cancellation: TestContext.Current.CancellationToken)).Dispose();
            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    /// <summary>Also where finite checks wait for the end, as on a GPU.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LiveTensorsStayFlatFromStepToStep(bool waits)
    {
        var request = Toy.Request(2);
        using var condition = request.Condition;
        var builder = Sampler.For(_net).Ddim(6).Guidance(2);
        builder.DefersFiniteChecks = waits;
        using var session = builder.Build().Start(request);
        session.Advance(TestContext.Current.CancellationToken);
        var after = Tensor.TotalCount;
        while (session.Advance(TestContext.Current.CancellationToken))
        {
            Assert.Equal(after, Tensor.TotalCount);
        }
    }
}
