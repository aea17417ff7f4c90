using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Contract;

/// <summary>A stage of another resolution begins with nothing remembered.</summary>
public sealed class StageTests
{
    public static TheoryData<string> Names => KnownStrategy.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void EachStageDecidesAsIfItWereTheFirst(string name)
    {
        using var network = new ChainToy();
        var before = Tensor.TotalCount;
        var grid = Sampler.For(network).FlowEuler(KnownStrategy.Steps).Build().Stages[0].Grid;
        Stage[] stages = [new([1, 2, 2], grid), new([1, 4, 4], grid)];
        var sampler = KnownStrategy.With(Sampler.For(network).Solve(new FlowEuler(), stages).Guidance(2.5), KnownStrategy.All[name].Active).Build();
        var request = Toy.Request(2);

        using (var result = sampler.Generate(request, cancellation: TestContext.Current.CancellationToken))
        {
            Assert.Equal([2, 1, 4, 4], result.Latents.shape);
            Assert.All(result.Latents.Floats(), v => Assert.True(float.IsFinite(v)));
            var steps = result.Trace.Steps;
            Assert.Equal(2 * KnownStrategy.Steps, steps.Count);
            Assert.All(steps.Where(s => s.Step.Index == 0 && KnownStrategy.All[name].BeginsWhole), s => Assert.Equal(s.FullMultiplyAdds, s.MultiplyAdds, 6));
            Assert.All(steps.GroupBy(s => s.Step.Stage), stage => Assert.Contains(stage, s => s.MultiplyAdds < s.FullMultiplyAdds));
        }

        request.Condition.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
