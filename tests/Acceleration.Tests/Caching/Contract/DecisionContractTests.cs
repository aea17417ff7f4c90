using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Contract;

/// <summary>What holds for every decision on what is measured, in every method: on given latents, so that what a decision does to a trajectory is no part of it.</summary>
public sealed class DecisionContractTests : LiveTensorTest
{
    private const int Steps = 12;
    private const int Samples = 2;

    public static TheoryData<string> Names => KnownStrategy.NamesThatMeasure;

    /// <summary>Those on the toy network that comes in several number formats.</summary>
    public static TheoryData<string> NamesOfFormats => [.. KnownStrategy.All.Where(k => k.Value.OtherNetwork is null && k.Value.Lines.Any(l => l.When is MeasuredWhen)).Select(k => k.Key)];

    /// <summary>
    /// A latent that is NaN or infinite in a step that is computed gives numbers in the next one that are below no threshold, whatever is measured: the sample is computed, where it was skipped. Others know nothing of it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsNotFiniteIsComputed(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        using var scope = NewDisposeScope();
        var sound = Of(Run(known, network, Latents(network)));
        foreach (var line in known.Lines.Where(l => !SeesNoLatents(l)))
        {
            var own = sound.Where(d => Matches(network, line, d.Decision.Site) && !double.IsNaN(d.Decision.Threshold)).ToArray();
            bool Skips(int sample, int step) => own.Any(d => d.Decision.Sample == sample && d.Step == step && d.Decision.Skip);
            var first = (from k in Enumerable.Range(1, Steps - 1) from s in Enumerable.Range(0, Samples) where Skips(s, k) && !Skips(s, k - 1) select (Step: k, Sample: s)).ToArray();
            Assert.True(first.Length > 0, string.Join('\n', own));
            var (at, sample) = first[^1];
            foreach (var bad in new[] { double.NaN, double.PositiveInfinity })
            {
                var latents = Latents(network);
                latents[at - 1] = latents[at - 1].clone();
                latents[at - 1][sample].fill_(bad);
                var spoilt = Of(Run(known, network, latents)).Where(d => Matches(network, line, d.Decision.Site)).ToArray();

                Assert.All(spoilt.Where(d => d.Step == at && d.Decision.Sample == sample), d => Assert.False(d.Decision.Skip, $"{d}"));
                Assert.DoesNotContain(spoilt, d => d.Decision.Skip && d.Decision.Value >= d.Decision.Threshold);
                Assert.Equal(Told(own), Told(spoilt));
            }

            IEnumerable<(int, string, bool)> Told((int Step, Decision Decision)[] decisions) => decisions.Where(d => d.Decision.Sample != sample).Select(d => (d.Step, d.Decision.Site, d.Decision.Skip));
        }
    }

    /// <summary>What the trace tells is what was decided on: with the limits of the decision it gives every skip again.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ARecordedTraceReplaysFromItsValues(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        using var scope = NewDisposeScope();
        var replayed = 0;
        var decisions = Of(Run(known, network, Latents(network)));
        foreach (var line in known.Lines.Where(l => l.When is MeasuredWhen))
        {
            var when = (MeasuredWhen)line.When;
            foreach (var of in decisions.Where(d => Matches(network, line, d.Decision.Site) && d.Decision.Reason is null).GroupBy(d => (d.Decision.Site, d.Decision.Sample)))
            {
                var (inARow, inAll, sum) = (0, 0, 0.0);
                foreach (var (step, d) in of)
                {
                    var skip = (d.Value < d.Threshold || (when.SkipsAtLimit && d.Value == d.Threshold && d.Threshold > 0))
                        && (when.MostInARow == 0 || inARow < when.MostInARow)
                        && (when.MostInAll == 0 || inAll < when.MostInAll)
                        && (when.MostSummed == 0 || sum + d.Value < when.MostSummed);
                    Assert.True(skip == d.Skip, $"step {step}: {d}");
                    (inARow, inAll, sum) = skip ? (inARow + 1, inAll + 1, sum + d.Value) : (0, inAll, 0);
                    replayed++;
                }
            }
        }

        Assert.True(replayed >= Steps * Samples, $"{replayed}");
        Assert.Contains(decisions, d => d.Decision.Skip);
    }

    /// <summary>Where what is measured is further from its threshold than number formats are from each other. Up to the first value that is nearer, behind which all that follows may be another.</summary>
    [Theory]
    [MemberData(nameof(NamesOfFormats))]
    public void NumberFormatsDecideAlike(string name)
    {
        var known = KnownStrategy.All[name];
        using var scope = NewDisposeScope();
        using var single = new ChainToy();
        var expected = Of(Run(known, single, Latents(single)));
        foreach (var type in new[] { ScalarType.Float16, ScalarType.BFloat16 })
        {
            using var network = new ChainToy { DType = type };
            var decided = Of(Run(known, network, [.. Latents(network).Select(x => x.to(type))]));
            var (compared, skipped) = (0, 0);
            foreach (var sample in Enumerable.Range(0, Samples))
            {
                var pairs = expected.Where(d => d.Decision.Sample == sample).Zip(decided.Where(d => d.Decision.Sample == sample));
                foreach (var (a, b) in pairs.TakeWhile(p => !IsNear(p.First.Decision)))
                {
                    Assert.Equal((a.Step, a.Decision.Site, a.Decision.Skip), (b.Step, b.Decision.Site, b.Decision.Skip));
                    (compared, skipped) = (compared + 1, skipped + (a.Decision.Skip ? 1 : 0));
                }
            }

            Assert.True(compared >= 3 * Samples, $"{compared} of {expected.Length} decisions in {type}");
            Assert.True(skipped > 0);
        }

        static bool IsNear(Decision d) => Math.Abs(d.Value - d.Threshold) < 0.1 * Math.Max(Math.Abs(d.Value), Math.Abs(d.Threshold));
    }

    /// <summary>A network's embedding of time says nothing of latents, nor does a mask or the pattern of steps that SADA ends with, whose decisions SadaTests hold.</summary>
    private static bool SeesNoLatents(Cached line) => line.When is not MeasuredWhen or Stability { LagrangeFrom: not null } || (line.When is SignalDrift signal && signal.On == Signal.TimeEmbedding);

    private static bool Matches(IDenoiser network, Cached line, string path) => network.Info.Sites.All.Append(network.Info.Sites.Correction).Any(s => s.Path == path && line.Where.Matches(s));

    private static (int Step, Decision Decision)[] Of(Trace trace) => [.. trace.Steps.SelectMany(s => s.Decisions.Select(d => (s.Step.Index, d)))];

    private static Trace Run(KnownStrategy known, IDenoiser network, Tensor[] latents)
    {
        var replay = new Replay(latents);
        return replay.Run(KnownStrategy.With(Sampler.For(network).Solve(replay, replay.Grid).OnNonFinite(NonFinite.Ignore).Guidance(2.5), known.Active).Build());
    }

    /// <summary>Latents that move by about a fifth of their size in each step.</summary>
    private static Tensor[] Latents(IDenoiser network)
    {
        using var generator = new Generator(41);
        long[] size = [Samples, .. network.Info.SampleSize];
        var common = randn(size, generator: generator);
        return [.. Enumerable.Range(0, Steps).Select(_ => common + (0.15 * randn(size, generator: generator)))];
    }
}
