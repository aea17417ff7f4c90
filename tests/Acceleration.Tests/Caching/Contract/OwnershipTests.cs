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
            var (held, used, alike) = Remembered(sampler, samples);

            // A batch counts until the last of its rows is superseded. Where samples decide apart, when that is follows from the decisions; what rows in use take does not.
            Assert.Equal((known.InUse ?? known.Held)(samples), used);
            Assert.True(alike ? held == known.Held(samples) : held >= used, $"{samples} samples: {held} bytes are counted, not {known.Held(samples)}; rows in use take {used}");
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    /// <summary>What a run counts at its end, what rows in use take of that, and whether all samples decided alike.</summary>
    private static (long Held, long Used, bool Alike) Remembered(Sampler sampler, int samples)
    {
        var request = Toy.Request(samples);
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        RowBatch[] batches = [.. session.Stores.SelectMany(s => s.Batches).Select(b => b.Batch)];
        var held = session.Trace.Steps[^1].CacheBytes;
        Assert.Equal(held, batches.Sum(b => b.Bytes));
        var alike = session.Trace.Steps.All(s => s.Decisions.GroupBy(d => d.Site).All(g => g.Select(d => d.Skip).Distinct().Count() == 1));
        return (held, batches.Sum(b => b.Bytes / b.Rows.Count * b.Live.Count), alike);
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
