using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Contract;

/// <summary>What a strategy remembers is counted, as much as documented, and gone after the request however it ends.</summary>
public sealed class OwnershipTests : LiveTensorTest
{
    public static TheoryData<string> Names => KnownStrategy.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void ARunHoldsTheDocumentedTensorsAndReleasesAll(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var sampler = KnownStrategy.Guided(network, known.Active);
        Toy.Run(sampler);
        var before = Tensor.TotalCount;

        foreach (var samples in new[] { 1, 3 })
        {
            var (_, trace) = Toy.Run(sampler, samples);
            // Rows that came in other batches keep those alive; where all samples decide alike there are none.
            var alike = trace.Steps.All(s => s.Decisions.GroupBy(d => d.Site).All(g => g.Select(d => d.Skip).Distinct().Count() == 1));
            Assert.True(alike ? trace.Steps[^1].CacheBytes == known.Held(samples) : trace.Steps[^1].CacheBytes >= known.Held(samples), $"{samples} samples: {trace.Steps[^1].CacheBytes} bytes, not {known.Held(samples)}");
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AFailingRunReleasesAll(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var sampler = KnownStrategy.Guided(network, known.Active);
        var last = BodiesOfARun(network, sampler);
        var before = Tensor.TotalCount;
        var bodies = 0;
        network.InBody = _ => { if (++bodies == last) { throw new InvalidOperationException("the last body fails"); } };

        var error = Assert.Throws<SamplingException>(() => Toy.Run(sampler, 2));

        Assert.Contains("the last body fails", error.Message);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ACancelledRunReleasesAll(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var sampler = KnownStrategy.Guided(network, known.Active);
        var last = BodiesOfARun(network, sampler);
        var before = Tensor.TotalCount;
        using var cancelling = new CancellationTokenSource();
        var bodies = 0;
        network.InBody = _ => { if (++bodies == last / 2) { cancelling.Cancel(); } };
        var request = Toy.Request(2);

        Assert.ThrowsAny<OperationCanceledException>(() => sampler.Generate(request, cancellation: cancelling.Token));

        request.Condition.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ASessionAndItsCloneAreIndependentAndReleaseAll(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var sampler = KnownStrategy.Guided(network, known.Active);
        var (straight, _) = Toy.Run(sampler, 2);
        var before = Tensor.TotalCount;
        var request = Toy.Request(2);

        using (var session = sampler.Start(request))
        {
            for (var i = 0; i < 5; i++)
            {
                session.Advance(TestContext.Current.CancellationToken);
            }

            using var clone = session.Clone();
            session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(straight, session.Latents.Floats());
            clone.RunToEnd(cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(straight, clone.Latents.Floats());
        }

        request.Condition.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    /// <summary>How many bodies of sites a run computes: at the last of them it remembers most.</summary>
    private static int BodiesOfARun(IToy network, Sampler sampler)
    {
        var bodies = 0;
        network.InBody = _ => bodies++;
        Toy.Run(sampler, 2);
        return bodies;
    }
}
