using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Contract;

/// <summary>Decisions belong to a sample of a request: neither neighbours nor the form of the batch change them.</summary>
public sealed class RequestTests
{
    public static TheoryData<string> Names => KnownStrategy.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void EqualSeedsGiveEqualBitsWhateverRunsBetween(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var sampler = KnownStrategy.Guided(network, known.Active);

        var first = Toy.Run(sampler, 2);
        Toy.Run(sampler, 3, seed: 77);
        var size = network.Info.SampleSize;
        RunOfSize(sampler, [size[0], size[1] / 2, size[2] * 3 / 2]);
        var second = Toy.Run(sampler, 2);

        Assert.Equal(first.Values, second.Values);
        Assert.Equal(Decisions(first.Trace), Decisions(second.Trace));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void InterleavedRequestsDoNotAffectEachOther(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var sampler = KnownStrategy.Guided(network, known.Active);
        var (first, _) = Toy.Run(sampler, 2, seed: 5);
        var (second, _) = Toy.Run(sampler, 1, seed: 99);
        var (requests, sessions) = (new[] { Toy.Request(2, 5), Toy.Request(1, 99) }, new SamplingSession[2]);

        for (var i = 0; i < 2; i++)
        {
            sessions[i] = sampler.Start(requests[i]);
        }

        for (var step = 0; step < KnownStrategy.Steps; step++)
        {
            Assert.All(sessions, s => s.Advance(TestContext.Current.CancellationToken));
        }

        Assert.Equal(first, sessions[0].Latents.Floats());
        Assert.Equal(second, sessions[1].Latents.Floats());
        Assert.All(sessions, s => s.Dispose());
        Assert.All(requests, r => r.Condition.Dispose());
    }

    /// <summary>A sampler serves several threads: no run knows of another.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task RequestsAtOnceEqualSerialOnesBitForBit(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var sampler = KnownStrategy.Guided(network, known.Active);
        var alone = Enumerable.Range(0, 3).Select(i => Toy.Run(sampler, 2, seed: i).Values).ToArray();

        var together = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(() => Toy.Run(sampler, 2, seed: i).Values)));

        Assert.All(alone.Zip(together), runs => Assert.Equal(runs.First, runs.Second));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SeparateCallsForBranchesDecideLikeOneBatch(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var builder = KnownStrategy.With(Sampler.For(network).FlowEuler(KnownStrategy.Steps, stochastic: true).Guidance(2.5), known.Active);

        var batched = Toy.Run(builder.Build(), 3);
        var separate = Toy.Run(builder.SeparateBranches().Build(), 3);

        Close.All(batched.Values, separate.Values, 1e-4);
        Assert.Equal(Decisions(batched.Trace), Decisions(separate.Trace));
        Assert.Equal(batched.Trace.Evaluations, separate.Trace.Evaluations);
        Assert.Equal(batched.Trace.MultiplyAdds, separate.Trace.MultiplyAdds, 6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ABatchEqualsItsSamplesRunAlone(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var sampler = KnownStrategy.Guided(network, known.Active);

        var batch = Toy.Run(sampler, 3);
        var each = batch.Values.Length / 3;

        for (var sample = 0; sample < 3; sample++)
        {
            var (values, trace) = RunAlone(sampler, sample);
            Close.All(values, batch.Values[(sample * each)..((sample + 1) * each)], 1e-4);
            Assert.Equal(Decisions(trace), Decisions(batch.Trace, sample));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ANetworkWithoutGuidanceHasOneBranch(string name)
    {
        var known = KnownStrategy.All[name];
        using var toy = known.Network();
        using var network = Denoiser.From(toy.Info with { Unconditional = null }, toy.Predict);
        var builder = KnownStrategy.With(Sampler.For(network).FlowEuler(KnownStrategy.Steps), known.Active);

        if (known.NeedsGuidanceOn(new RunInfo(network.Info, "flow-euler", [FlowSchedule.FromSigmas([1, 0.5])], 1)))
        {
            Assert.Contains("unconditional branch", Assert.Throws<StrategyConflictException>(builder.Build).Message);
            return;
        }

        var (values, trace) = Toy.Run(builder.Build(), 2);
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
        Assert.Equal(known.Spares, trace.FullEvaluations == KnownStrategy.Steps);
        Assert.True(trace.MultiplyAdds < trace.FullMultiplyAdds);
    }

    internal static IEnumerable<(int Step, string Site, bool Skip)> Decisions(Trace trace, int? sample = null) =>
        trace.Steps.SelectMany(s => s.Decisions.Where(d => sample is null || d.Sample == sample).OrderBy(d => d.Site, StringComparer.Ordinal).ThenBy(d => d.Sample).Select(d => (s.Step.Index, d.Site, d.Skip)));

    internal static (float[] Values, Trace Trace) RunAlone(Sampler sampler, int sample, long seed = 5)
    {
        using var condition = Conditioning.Labels(sample);
        using var result = sampler.Generate(new SamplingRequest { Condition = condition, Seed = seed + sample });
        return (result.Latents.Floats(), result.Trace);
    }

    private static void RunOfSize(Sampler sampler, long[] size)
    {
        var request = Toy.Request() with { Size = size };
        using var condition = request.Condition;
        using var result = sampler.Generate(request);
        Assert.Equal([1, .. size], result.Latents.shape);
    }
}
