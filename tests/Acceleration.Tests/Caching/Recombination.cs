using System.Reflection;
using Acceleration.Tests.Docs;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching;

/// <summary>The three lists, entry by entry, in settings that skip within <see cref="Steps"/> steps of the toy networks.</summary>
internal static class Recombination
{
    public const int Steps = 12;

    private static readonly double[] Ratios = [1, 1.1, 0.9, 1.05, 1, 0.95, 1, 1, 1.05, 1, 1, 0.95];

    /// <summary>Every rule for the blocks of a chain that are skipped, but all of them.</summary>
    public static IRangeRule[] Ranges { get; } =
    [
        new FrontRearRange(1, 4), new KeptBlocks(2), new ListedBlocks([0, 2]), new MiddleBlocks(1), new RangeSteps([new(0, 1, 1), new(3, 0, 2)]),
    ];

    /// <summary>Every selector that the library names, sites by block, path and branch, unions, and chains by every rule for their range.</summary>
    public static IReadOnlyDictionary<string, Place> Places { get; } = Selectors().Select(w => new Place(w, AllBlocks.Instance)).Concat(Ranges.Select(r => new Place(Where.Chain, r)))
        .Append(new(Where.Chain, new MiddleBlocks(1), ResidualInput.Chain)).ToDictionary(p => p.ToString());

    /// <summary>Every decision; and two of these tests', by which samples are computed in different steps.</summary>
    public static IWhen[] Decisions { get; } =
    [
        new Interval(2), new EvenSteps(3), new AtSteps(0, 1, 4), new AfterTimes([1000, 500], 2), new TimedInterval(2, 0, 2000), new GrowingWindows(1), new RunMask(Scm.Ultra), new Both(new Interval(3), new RunMask(Scm.Ultra)),
        new MagnitudeSchedule(10, Ratios, 2), new ChangeRate(1e9) { MaxSkip = 2 }, new FirstBlocksChange(1e9, 2, 1, 2), new ForecastError(1e9, Max: 2) { Warmup = 2 }, new InputChange(1e9, 2) { MaxSkip = 2 },
        new InputChange(1e9, 2) { EachSite = true, MaxSkip = 2 }, new InputOutputDrift(1e9, 2, MaxSkip: 2), new LowFrequencyDrift(1e9, 2, 2) { MaxSkip = 2 }, new Masked(new Interval(2), new InputChange(1e9, 1)), new ProbeDrift(1e9),
        new ScaledDrift(1e9), new SignalDrift(1e9, [1, 0]), new SignalDrift(1e9, [1, 0.1]) { On = Signal.TimeEmbedding, Apart = true }, new Stability(3, 7),
        new BySample((step, sample) => step > 1 && (step + sample) % 2 == 1), new BySample((step, sample) => step > 2 && sample == 0),
    ];

    /// <summary>Every forecast, of outputs and of residuals.</summary>
    public static IForecast[] Forecasts { get; } =
    [
        new Polynomial(0), new Polynomial(2), new Taylor(2) { Since = 1 }, new Hermite(2), new Damped(1, 0.8), new ChebyshevRidge(), new MagnitudeRatio(Ratios),
    ];

    /// <summary>Every approximation.</summary>
    public static IHow[] Approximations { get; } =
    [
        .. from forecast in Forecasts from quantity in new[] { Quantity.Output, Quantity.Residual } select new How(quantity, forecast, Abscissa.Step),
        How.Linear(), How.Linear(Abscissa.LogSnr), new How(Quantity.Residual, new Polynomial(1), Abscissa.Step) { Chained = true }, new How(Quantity.Clean, new Polynomial(1)),
        new HeunMix(Quantity.Output), new HeunMix(Quantity.Residual), new DynamicModes(Quantity.Output, 4), new DynamicModes(Quantity.Residual, 4), new ProbeLine(), new AveragedChange(),
        new FrequencySplit(Quantity.Output, 1), new FrequencySplit(Quantity.Residual, 0, 1), new AdamsMoulton(), new AdamsMoulton { LagrangeFrom = 3, LagrangeEvery = 2 },
    ];

    private static IEnumerable<Where> Selectors() =>
    [
        .. typeof(Where).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == typeof(Where)).Select(p => (Where)p.GetValue(null)!),
        Where.CorrectionOf(Branch.Unconditional), Where.Cut(1), Where.Blocks.OnlyBlocks(0, 2), Where.Branches.InBlocks(1), Where.Path("blocks.1.cross"), Where.Network.Or(Where.TemporalAttention), Where.Chain.Or(Where.FeedForward),
    ];

    /// <summary>Where work is skipped, and on a chain which blocks.</summary>
    internal sealed record Place(Where Where, IRangeRule Range, ResidualInput Against = ResidualInput.Range)
    {
        /// <summary>A network that has such sites.</summary>
        public IToy Network() => Where.Tag.StartsWith("cut", StringComparison.Ordinal) ? new UNetToy() : new VideoToy();

        public Cached With(IWhen when, IHow how) => new(Where, when, how) { Range = Range, Against = Against };

        public override string ToString() => (Range is AllBlocks ? Where.Tag : $"{Where}/{Range.Tag}") + (Against == ResidualInput.Range ? "" : $" of {Against}");
    }
}
