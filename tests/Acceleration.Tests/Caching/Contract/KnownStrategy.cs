using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Contract;

/// <summary>A strategy as the tests that hold for all of them use it: ten guided steps, on a transformer of three blocks unless it needs another network.</summary>
/// <param name="Active">A setting that skips something there.</param>
/// <param name="Neutral">A setting that skips nothing: bit-identical to no strategy.</param>
/// <param name="Held">Bytes remembered after the run for a number of samples, as documented.</param>
/// <param name="Spares">Whether it does less than plain guidance: guidance that asks for branches of its own does more.</param>
/// <param name="BeginsWhole">Whether the first step of a stage does all the work: what lives on the past must, what needs none need not.</param>
/// <param name="CountsOverRun">Whether it counts steps over the whole run (<see cref="StepInfo.RunIndex"/>), so that a stage may have nothing for it to do.</param>
/// <param name="DrawsAnew">Whether it goes on with other random numbers where nothing may be remembered, so that its result is that of no setting.</param>
internal sealed partial record KnownStrategy(IStrategy[] Active, IStrategy[] Neutral, Func<long, long> Held, bool BeginsWhole = true, bool Spares = true, bool CountsOverRun = false, bool DrawsAnew = false)
{
    public const int Steps = 10;

    private const long Latent = 4 * 16;
    private const long Tokens = 4 * 16 * 8;
    private const long Numbers = 8;
    private static int[] Every => [.. Enumerable.Range(0, Steps)];
    private static How Clean => new(Quantity.Clean, new Polynomial(1), Abscissa.Step);
    private static How Parabola => new(Quantity.Output, new Polynomial(2), Abscissa.LogSnr);

    /// <summary>All of them, and pairs: what arrives joins by a line here.</summary>
    public static IReadOnlyDictionary<string, KnownStrategy> All { get; } = new[] { Caches, MoreCaches, GuidanceAndTokens, OnOtherNetworks }.SelectMany(group => group).ToDictionary();

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Those that can do without what they remember: under a budget, and in a stage of another resolution.</summary>
    public static TheoryData<string> NamesThatForget => [.. All.Where(k => !k.Value.IsFitted).Select(k => k.Key)];

    /// <summary>Makes the network it runs on, with a kind of prediction; null for the transformer.</summary>
    public Func<PredictionType, IToy>? OtherNetwork { get; init; }

    /// <summary>A network it runs on, to be disposed.</summary>
    public IToy Network(PredictionType type = PredictionType.Flow) => OtherNetwork?.Invoke(type) ?? new ChainToy(3, type);

    /// <summary>Bytes of what is remembered that rows in use take, where a branch that left the batch, or came back, keeps more alive; null where <see cref="Held"/> is all in use.</summary>
    public Func<long, long>? InUse { get; init; }

    /// <summary>Whether its numbers hold for one resolution, and all that it remembers is needed to the end.</summary>
    public bool IsFitted { get; init; }

    /// <summary>What the active setting comes to where nothing may be remembered, if that is not simply its strategies that remember nothing; null for these.</summary>
    public IStrategy[]? WithoutRoom { get; init; }

    /// <summary>The lines of the active caches.</summary>
    public IEnumerable<Cached> Lines => Active.SelectMany(a => a is CacheMethod method ? method.Parts : a is Cached line ? [line] : []);

    /// <summary>Those that decide on what they measure.</summary>
    public static TheoryData<string> NamesThatMeasure => [.. All.Where(k => k.Value.Lines.Any(l => l.When is MeasuredWhen)).Select(k => k.Key)];

    /// <summary>Whether it cannot work on a run without guidance: by what it needs, or by what it refuses.</summary>
    public bool NeedsGuidanceOn(RunInfo unguided) => Active.Any(a => a.Needs.UnconditionalBranch || a.Needs.Refuse?.Invoke(unguided) is not null);

    /// <summary>Whether it changes tokens or attention, whose work depends on what a cache leaves to them.</summary>
    public bool ChangesWorkAtSites => Active.Any(a => a.Needs.Sites.Any(s => s.Phase is HookPhase.Tokens or HookPhase.Attention));

    /// <summary>Reads per step where every site decides for itself; null for one of each strategy that decides by values.</summary>
    public int? Reads { get; init; }

    /// <summary>How many of the active strategies decide, or make up, by values of tensors: each may read them back once per step.</summary>
    public int DecidesByValues => Reads ?? Active.Count(a => a.Needs.DecidesPerSample || a is Cached { How: DynamicModes });

    /// <summary>A guided sampler with the strategies, or plain guidance without any. Fresh noise in every step.</summary>
    public static Sampler Guided(IDenoiser network, params IStrategy[] strategies) => With(Sampler.For(network).FlowEuler(Steps, stochastic: true).Guidance(2.5), strategies).Build();

    public static SamplerBuilder With(SamplerBuilder builder, params IStrategy[] strategies) => strategies.Aggregate(builder, (b, s) => b.Use(s));

    // Three conditional outputs, an unconditional one and the sum.
    private static FittedForecast Fitted => new(
    [
        new(0, EvaluatedBranches.None, 0.9, [], []),
        new(2, EvaluatedBranches.Conditional, 0.1, [0.8], []),
        new(5, EvaluatedBranches.All, 0.1, [1.6, 0.2], [-0.9]),
        new(9, EvaluatedBranches.Conditional, 0, [1.5, 0.1], [-0.6]),
    ]);

    private static SkipLayerGuidance Skipping => new(0.7, Where.Blocks.OnlyBlocks(1)) { Start = 0, Stop = 1 };

    private static PerturbedAttentionGuidance Perturbing => new(0.8, Where.Attention.OnlyBlocks(0, 2)) { Start = 0, Stop = 1 };

    private static SmoothedEnergyGuidance Blurring => new(0.6, Where.Attention.InBlocks(1)) { Sigma = 1 };

    // Steps are estimated from two predictions of either branch at most.
    private static LinearAG Estimating(LinearTail tail, params int[] steps) => new([.. steps.Select(s => new EstimatedStep(s, [0.7, 0.2], [0.1], 0.01))]) { Tail = tail };

    private static AdaptiveGuidance Ending(GuidanceTail tail = GuidanceTail.Conditional) => new(-1) { Warmup = 3, Tail = tail };

    private static Cached Drifting(Where where, double threshold) => new(where, new InputOutputDrift(threshold, 3), How.LastResidual);
}
