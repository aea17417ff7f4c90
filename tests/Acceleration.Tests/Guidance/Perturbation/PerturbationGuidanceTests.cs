using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>What skip-layer, perturbed-attention and smoothed-energy guidance have in common: their branch, its steps, and the term it adds.</summary>
public sealed class PerturbationGuidanceTests : CoreTest
{
    private static readonly Dictionary<string, PerturbationGuidance> Kinds = new()
    {
        ["skip"] = new SkipLayerGuidance(1.5, Where.Blocks.OnlyBlocks(1)) { Start = 0, Stop = 1 },
        ["skip attention"] = new SkipLayerGuidance(1.5, Where.Attention.OnlyBlocks(0, 2)) { Start = 0, Stop = 1 },
        ["pag"] = new PerturbedAttentionGuidance(1.5, Where.Attention.OnlyBlocks(1, 2)) { Start = 0, Stop = 1 },
        ["seg"] = new SmoothedEnergyGuidance(1.5, Where.Attention) { Sigma = 0.8 },
        ["seg infinite"] = new SmoothedEnergyGuidance(1.5, Where.Attention),
    };

    private readonly ChainToy _net = new();

    public PerturbationGuidanceTests() => Own(_net);

    public static TheoryData<string> Names => [.. Kinds.Keys];

    private Sampler With(double scale, bool separate = false, params IStrategy[] strategies)
    {
        var builder = strategies.Aggregate(Sampler.For(_net).FlowEuler(6).Guidance(scale), (b, s) => b.Use(s));
        return (separate ? builder.SeparateBranches() : builder).Build();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AScaleOfZeroIsPlainGuidanceBitForBitAndTheBranchIsNotEvaluated(string name)
    {
        var (plain, expected) = Toy.Run(With(2), 2);
        var (values, trace) = Toy.Run(With(2, false, Kinds[name] with { Scale = 0 }), 2);
        Assert.Equal(plain, values);
        Assert.Equal(expected.Steps.Select(s => (s.ComputedRows, s.MultiplyAdds)), trace.Steps.Select(s => (s.ComputedRows, s.MultiplyAdds)));
    }

    [Theory]
    [InlineData(0.0, 1.0, false, new[] { 1, 2, 3, 4, 5 })]
    [InlineData(0.0, 1.0, true, new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(0.2, 0.9, false, new[] { 2, 3, 4 })]
    [InlineData(0.2, 0.9, true, new[] { 1, 2, 3, 4 })]
    [InlineData(0.01, 0.2, false, new int[0])]
    [InlineData(0.5, 0.5, true, new int[0])]
    public void ItsStepsLieBetweenTheTruncatedEnds(double start, double stop, bool first, int[] expected)
    {
        var guidance = new PerturbedAttentionGuidance(2, Where.Attention) { Start = start, Stop = stop, FromFirst = first };
        var (_, trace) = Toy.Run(With(2, false, guidance), 2);
        Assert.Equal(expected, trace.Steps.Where(s => s.ComputedRows == 6).Select(s => s.Step.Index));
        Assert.All(trace.Steps.Where(s => !expected.Contains(s.Step.Index)), s => Assert.Equal(4, s.ComputedRows));
    }

    /// <summary>The same rows, with a branch 9 that is the condition once more and changes nothing.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void RowsOfOtherBranchesAreUntouched(string name)
    {
        foreach (var separate in new[] { false, true })
        {
            var idle = Branches(9, separate);
            var own = Branches(Kinds[name].OwnBranch, separate, Kinds[name] with { FromFirst = true });
            Assert.Equal(idle[Branch.Conditional], own[Branch.Conditional]);
            Assert.Equal(idle[Branch.Unconditional], own[Branch.Unconditional]);
            Assert.NotEqual(idle[9], own[Kinds[name].OwnBranch]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WithGuidanceTheTermIsAddedToIt(string name)
    {
        var kind = Kinds[name] with { FromFirst = true };
        var of = Branches(kind.OwnBranch, false, kind);
        var (g, c, p) = (Guided(2), of[Branch.Conditional], of[kind.OwnBranch]);
        Near([.. g.Select((v, i) => v + (1.5f * (c[i] - p[i])))], Guided(2, kind));
        Near([.. g.Select((v, i) => v + (1.5f * (c[i] - p[i])))], Guided(2, kind with { Original = true }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WithoutGuidanceTheSumStartsAtThePerturbedPrediction(string name)
    {
        var kind = Kinds[name] with { FromFirst = true };
        var of = Branches(kind.OwnBranch, false, kind);
        var (c, p) = (of[Branch.Conditional], of[kind.OwnBranch]);
        Near([.. p.Select((v, i) => v + (1.5f * (c[i] - v)))], Guided(1, kind));
        Near([.. p.Select((v, i) => c[i] + (1.5f * (c[i] - v)))], Guided(1, kind with { Original = true }));
    }

    [Fact]
    public void SeveralAddUpWithAndWithoutGuidanceInAnyOrder()
    {
        PerturbationGuidance[] three = [.. new[] { "skip", "pag", "seg" }.Select(n => Kinds[n] with { FromFirst = true })];
        var shifts = three.Select(k => (Branches(k.OwnBranch, false, k), k.OwnBranch)).ToArray();
        float[] Sum(float[] g, float scale) => [.. g.Select((v, i) => v + shifts.Sum(s => scale * (s.Item1[Branch.Conditional][i] - s.Item1[s.OwnBranch][i])))];
        Near(Sum(Guided(2), 1.5f), Guided(2, [.. three]));
        Near(Guided(2, [.. three]), Guided(2, [.. three.Reverse()]));

        // Without guidance each is one unit weaker, as one alone is.
        Near(Sum(Guided(1), 0.5f), Guided(1, [.. three]));
        Near(Guided(1, [.. three]), Guided(1, [.. three.Reverse()]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SeparateBranchesGiveTheSame(string name) => Near(Toy.Run(With(2, false, Kinds[name]), 3).Values, Toy.Run(With(2, true, Kinds[name]), 3).Values);

    [Fact]
    public void VarianceLogitsStayTheConditions()
    {
        var info = Toy.Info("variance") with { LearnedVariance = true };
        var sites = PerturbedSites();
        using var network = Denoiser.From(info with { Sites = sites }, (x, _, c, e) =>
            e.Chain(sites["blocks"], cat([x * 0, x * 0], 1) + Toy.PerRow(c["labels"].to(ScalarType.Float32) + 1, x), 0, static (h, _, _, _) => h.Main * 3).Main);
        var sampler = Sampler.For(network).FlowEuler(1).Use(new SkipLayerGuidance(2, Where.Blocks) { Start = 0, Stop = 1, FromFirst = true }).OnNonFinite(NonFinite.Ignore);
        float[] seen = [];
        Toy.Run(sampler.Use(Probe.Site(Where.Prediction, (_, h, next) =>
        {
            var v = next.Invoke(h);
            seen = v.Main.Floats();
            return v;
        })).Build());

        // c = 3, p = 1: p + 2·(c − p) = 5 on the latents' channel, 3 behind it.
        Assert.Equal([.. Enumerable.Repeat(5f, 16), .. Enumerable.Repeat(3f, 16)], seen);
    }

    [Fact]
    public void SettingsOutOfRangeAndUnfitPlacesAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SkipLayerGuidance(double.NaN, Where.Blocks));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SkipLayerGuidance(1, Where.Blocks) { Start = 1.5 });
        Assert.Throws<ArgumentNullException>(() => new SkipLayerGuidance(1, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SmoothedEnergyGuidance(1, Where.Attention) { Sigma = 0 });
        Refused("SLG1:network,from0to1 cannot run on chain: 'network' is not a layer; select blocks, attention or feed-forward parts.", new SkipLayerGuidance(1, Where.Network) { Start = 0, Stop = 1 });
        Refused("'blocks' is not a layer", new SkipLayerGuidance(1, Where.Chain));
        Refused("'blocks.0.ff' is no self-attention.", new PerturbedAttentionGuidance(1, Where.FeedForward));
        Refused("'blocks.0' is no self-attention.", new SmoothedEnergyGuidance(1, Where.Blocks));
        Refused("it ends (0.2) before it starts (0.5).", new SkipLayerGuidance(1, Where.Blocks) { Start = 0.5 });
        Refused("works at 'blocks@7_8', but chain has no such site", new SkipLayerGuidance(1, Where.Blocks.OnlyBlocks(8, 7)));
    }

    private void Refused(string message, IStrategy strategy) =>
        Assert.Contains(message, Assert.Throws<StrategyConflictException>(() => With(2, false, strategy)).Message, StringComparison.Ordinal);

    private static SiteMap PerturbedSites()
    {
        var sites = new SiteMap(new CostModel(1));
        sites.AddChain("blocks", 1, new CostModel(1));
        return sites;
    }

    /// <summary>The guided prediction of the first step.</summary>
    private float[] Guided(double scale, params IStrategy[] strategies)
    {
        float[] seen = [];
        var listening = Probe.Site(Where.Prediction, (call, h, next) =>
        {
            var guided = next.Invoke(h);
            seen = call.Step.Index == 0 ? guided.Main.Floats() : seen;
            return guided;
        });
        Toy.Run(With(scale, false, [.. strategies, listening]), 2);
        return seen;
    }

    /// <summary>The outputs of the first step's branches, with a further branch.</summary>
    private Dictionary<int, float[]> Branches(int further, bool separate, params IStrategy[] strategies)
    {
        var seen = new Dictionary<int, float[]>();
        var listening = new Probe("listening") { Needs = new() { ChangesGuidance = true }, Start = (_, _) => new Listening(further, seen) };
        Toy.Run(With(2, separate, [listening, .. strategies]), 2);
        return seen;
    }

    private sealed class Listening(int further, Dictionary<int, float[]> seen) : Run, IGuidanceTerm
    {
        public IReadOnlyList<int> Branches(StepInfo step) => step.Index == 0 ? [further] : [];

        public Value Apply(StepInfo step, Value combined, BranchOutputs outputs)
        {
            foreach (var branch in step.Index == 0 ? new[] { Branch.Conditional, Branch.Unconditional, further } : [])
            {
                seen[branch] = outputs[branch].Floats();
            }

            return combined;
        }
    }
}
