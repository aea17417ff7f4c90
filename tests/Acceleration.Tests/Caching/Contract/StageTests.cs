using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Contract;

/// <summary>A stage of another resolution begins with nothing remembered.</summary>
public sealed class StageTests : LiveTensorTest
{
    public static TheoryData<string> Names => KnownStrategy.NamesThatForget;

    [Theory]
    [MemberData(nameof(Names))]
    public void EachStageDecidesAsIfItWereTheFirst(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var before = Tensor.TotalCount;
        var grid = Sampler.For(network).FlowEuler(KnownStrategy.Steps).Build().Stages[0].Grid;
        var size = network.Info.SampleSize;
        Stage[] stages = [new([size[0], size[1] / 2, size[2] / 2], grid), new([.. size], grid)];
        var sampler = KnownStrategy.With(Sampler.For(network).Solve(new FlowEuler(), stages).Guidance(2.5), known.Active).Build();
        var request = Toy.Request(2);

        using (var result = sampler.Generate(request, cancellation: TestContext.Current.CancellationToken))
        {
            Assert.Equal([2, .. size], result.Latents.shape);
            Assert.All(result.Latents.Floats(), v => Assert.True(float.IsFinite(v)));
            var steps = result.Trace.Steps;
            Assert.Equal(2 * KnownStrategy.Steps, steps.Count);
            Assert.All(steps.Where(s => s.Step.Index == 0 && known.BeginsWhole), s => Assert.True(
                Math.Abs(s.FullMultiplyAdds - s.MultiplyAdds) < 1e-6, $"{s.Step}: {name} is assumed to do all the work in the first step of a stage. Say {nameof(KnownStrategy)}.{nameof(KnownStrategy.BeginsWhole)} = false if it needs no past."));
            Assert.All(steps.GroupBy(s => s.Step.Stage).Where(_ => !known.CountsOverRun), stage => Assert.True(
                stage.Any(s => s.MultiplyAdds < s.FullMultiplyAdds), $"Stage {stage.Key}: {name} is assumed to skip something in every stage. Say {nameof(KnownStrategy)}.{nameof(KnownStrategy.CountsOverRun)} if it counts steps over the run."));
            Assert.Contains(steps, s => s.MultiplyAdds < s.FullMultiplyAdds);
        }

        request.Condition.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
