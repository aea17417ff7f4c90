using Acceleration.Tests.Guidance;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Contract;

/// <summary>A strategy that skips nothing changes no bit, and one that skips changes no random number.</summary>
public sealed class NeutralSettingTests
{
    public static TheoryData<string> Names => KnownStrategy.Names;

    /// <summary>What arrives later must not stay out of the tests that hold for all.</summary>
    [Fact]
    public void EveryStrategyOfTheLibraryHasALine()
    {
        // Ways to combine branches have a contract of their own: all of these run on one of them. Autoguidance is one of these ways, with blocks to leave out that the networks there have not: tests of its own hold it.
        var known = KnownStrategy.All.Values.SelectMany(k => k.Active).Concat(KnownCombiner.All.Values.SelectMany(k => k.Active)).Select(s => s.GetType()).Append(typeof(AutoGuidance)).ToHashSet();
        var missing = PlanVocabulary.Default.Types.Where(t => t.IsAssignableTo(typeof(IStrategy)) && !known.Contains(t)).Select(t => t.Name);
        Assert.True(!missing.Any(), $"No line for {string.Join(", ", missing)}: add one to {nameof(KnownStrategy)}.All (tests/Acceleration.Tests/Caching/Contract), or to {nameof(KnownCombiner)}.All (tests/Acceleration.Tests/Guidance/Combiners) if it changes guidance and spares no work.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheNeutralSettingEqualsTheBaselineBitForBitOnAnAncestralSolver(string name)
    {
        using var network = KnownStrategy.All[name].Network(PredictionType.Epsilon);
        Sampler Make(params IStrategy[] s) => KnownStrategy.With(Sampler.For(network).Ddim(KnownStrategy.Steps, eta: 1).Guidance(2.5), s).Build();

        var (plain, full) = Toy.Run(Make(), 3);
        var (values, trace) = Toy.Run(Make(KnownStrategy.All[name].Neutral), 3);

        Assert.Equal(plain, values);
        Assert.Equal(full.Evaluations, trace.Evaluations);
        Assert.Equal(full.MultiplyAdds, trace.MultiplyAdds, 6);
        Assert.DoesNotContain(trace.Steps.SelectMany(s => s.Decisions), d => d.Skip);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheNeutralSettingEqualsTheBaselineBitForBitOnAFlow(string name)
    {
        using var network = KnownStrategy.All[name].Network();

        var (plain, _) = Toy.Run(KnownStrategy.Guided(network), 2);
        var (values, _) = Toy.Run(KnownStrategy.Guided(network, KnownStrategy.All[name].Neutral), 2);

        Assert.Equal(plain, values);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheActiveSettingDoesLessWorkAndDrawsTheSameRandomNumbers(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();

        var (plain, full, draws) = Draw(KnownStrategy.Guided(network));
        var (values, trace, drawsOfActive) = Draw(KnownStrategy.Guided(network, known.Active));

        Assert.Equal(draws, drawsOfActive);
        Assert.True(trace.MultiplyAdds < trace.FullMultiplyAdds, $"{trace.MultiplyAdds} of {trace.FullMultiplyAdds}");
        if (known.Spares)
        {
            Assert.Equal(full.MultiplyAdds, trace.FullMultiplyAdds, 6);
            Assert.Equal(full.Evaluations, trace.FullEvaluations);
        }
        else
        {
            Assert.True(trace.FullEvaluations > full.Evaluations);
        }

        Assert.NotEqual(plain, values);
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
    }

    private static (float[] Values, Trace Trace, float[] Draws) Draw(Sampler sampler)
    {
        var draws = new List<float>();
        using var noise = new Listening(new SeededNoise(5, 2), draws);
        var request = Toy.Request(2) with { Noise = noise };
        using var condition = request.Condition;
        using var result = sampler.Generate(request);
        return (result.Latents.Floats(), result.Trace, [.. draws]);
    }

    /// <summary>Notes what is drawn.</summary>
    private sealed class Listening(INoiseSource inner, List<float> draws) : INoiseSource
    {
        public Tensor Draw(IReadOnlyList<long> size)
        {
            var drawn = inner.Draw(size);
            draws.AddRange(drawn.Floats());
            return drawn;
        }

        public INoiseSource Clone() => new Listening(inner.Clone(), draws);

        public void Dispose() => inner.Dispose();
    }
}
