using System.CommandLine;
using System.Globalization;

namespace Acceleration.Tool;

/// <summary>The options of <c>calibrate</c> that some methods read.</summary>
internal sealed class TuningOptions
{
    private const int MostDegree = 8;
    private const int MostCuts = 1000;

    private readonly Option<long?> _budget = Whole(CalibrationMethod.Budget, "Most computed steps (default: bac a fifth, lemica two fifths, teacache half of the steps; magcache and smoothcache follow their threshold).", 1);
    private readonly Option<long[]?> _also = new(CalibrationMethod.Also)
    {
        Description = Of(CalibrationMethod.Also, "Further budgets, for which plans are made of the same measurement: NAME-12.json beside NAME.json."),
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => LabelsOption.Parse(result, CalibrationMethod.Also),
    };

    private readonly Option<double?> _threshold = Number(CalibrationMethod.Threshold, "The method's threshold (default: magcache 0.06, smoothcache 0.18, rehash 0.95, teacache follows its budget).");
    private readonly Option<long?> _lookback = Whole(CalibrationMethod.Lookback, "How long outputs may be reused: smoothcache in that many steps (3), lemica up to that many steps after (twice the mean).", 1);
    private readonly Option<long?> _stride = Whole(CalibrationMethod.Stride, "What is left out is followed to the end from one in so many steps, and from the others estimated; 1 for all (a tenth of the steps).", 1);
    private readonly Option<long?> _maxSkip = Whole(CalibrationMethod.MaxSkip, "Most skipped steps in a row (magcache and invardiff 3, rehash 1).", 0);
    private readonly Option<double?> _retention = Number(CalibrationMethod.Retention, "Share of the steps computed at the start, 0 to 1 (magcache 0.2).");
    private readonly Option<long?> _degree = NumberOption.Whole(CalibrationMethod.Degree, Of(CalibrationMethod.Degree, "Degree of the polynomial (teacache 4)."), 0, MostDegree);
    private readonly Option<long?> _interval = Whole(CalibrationMethod.Interval, "One computed step in every so many (scaling 3, importance 2).", 2);
    private readonly Option<long?> _repaired = Whole(CalibrationMethod.Repaired, "Parts that are also computed wherever a feed-forward part after them is (bac 3).", 0);
    private readonly Option<long?> _forceFrom = Whole(CalibrationMethod.ForceFrom, "Step, counted from 0, from which on every part is computed (bac; published 99 of DDPM's 100).", 0);
    private readonly Option<long?> _cut = NumberOption.Whole(CalibrationMethod.Cut, Of(CalibrationMethod.Cut, "Skip connection of a UNet below which is reused (rehash 2)."), 0, MostCuts);
    private readonly Option<double?> _quantile = Number(CalibrationMethod.Quantile, "Share of all changes from step to step that count as none, 0 to 1 (invardiff 0.5).");
    private readonly Option<long?> _blocks = Whole(CalibrationMethod.Blocks, "Blocks that are left out between full steps (half of them).", 1);
    private readonly Option<string?> _where = new(CalibrationMethod.At) { Description = Of(CalibrationMethod.At, "Where steps are left out: a selector such as prediction, network, chain, branches (bac and invardiff branches, others prediction).") };
    private readonly Option<string?> _how = new(CalibrationMethod.By) { Description = Of(CalibrationMethod.By, "How they are made up: out, res, out^1@snr (lemica out^1@snr).") };

    public IReadOnlyList<Option> All => [_budget, _also, _threshold, _lookback, _stride, _maxSkip, _retention, _degree, _interval, _repaired, _forceFrom, _cut, _quantile, _blocks, _where, _how];

    /// <summary>What was given.</summary>
    /// <exception cref="ToolException">The method does not read an option, or options do not fit together.</exception>
    public CalibrateTuning Read(ParseResult parsed, CalibrationMethod method)
    {
        if (All.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false } && !method.Options.Contains(o.Name)) is { } foreign)
        {
            throw new ToolException($"{foreign.Name} is for {string.Join(", ", CalibrationMethod.All.Where(m => m.Options.Contains(foreign.Name)).Select(m => m.Name))}; {method.Name} reads {string.Join(", ", method.Options)}.");
        }

        var tuning = new CalibrateTuning
        {
            Budget = (int?)parsed.GetValue(_budget),
            Also = [.. (parsed.GetValue(_also) ?? []).Select(b => (int)Math.Min(b, int.MaxValue)).Distinct()],
            Threshold = parsed.GetValue(_threshold),
            Lookback = (int?)parsed.GetValue(_lookback),
            Stride = (int?)parsed.GetValue(_stride),
            MaxSkip = (int?)parsed.GetValue(_maxSkip),
            Retention = parsed.GetValue(_retention),
            Degree = (int?)parsed.GetValue(_degree),
            Interval = (int?)parsed.GetValue(_interval),
            Repaired = (int?)parsed.GetValue(_repaired),
            ForceFrom = (int?)parsed.GetValue(_forceFrom),
            Cut = (int?)parsed.GetValue(_cut),
            Quantile = parsed.GetValue(_quantile),
            Blocks = (int?)parsed.GetValue(_blocks),
            Where = parsed.GetValue(_where),
            How = parsed.GetValue(_how),
        };
        return tuning switch
        {
            { Budget: not null, Threshold: not null } => throw new ToolException("--budget finds the threshold; leave one of them out."),
            { Threshold: < 0 } => throw new ToolException($"--threshold takes a number of at least 0, not {tuning.Threshold.Value.ToString(CultureInfo.InvariantCulture)}."),
            { Retention: < 0 or > 1 } => throw new ToolException($"--retention takes a number from 0 to 1, not {tuning.Retention.Value.ToString(CultureInfo.InvariantCulture)}."),
            { Quantile: < 0 or > 1 } => throw new ToolException($"--quantile takes a number from 0 to 1, not {tuning.Quantile.Value.ToString(CultureInfo.InvariantCulture)}."),
            _ => tuning,
        };
    }

    private static Option<long?> Whole(string name, string description, long least) => NumberOption.Whole(name, Of(name, description), least, SamplerChoice.MostSteps);

    private static Option<double?> Number(string name, string description) => NumberOption.Finite(name, Of(name, description));

    /// <summary>A description that says whose option it is.</summary>
    private static string Of(string name, string description) => $"[{string.Join(", ", CalibrationMethod.All.Where(m => m.Options.Contains(name)).Select(m => m.Name))}] {description}";
}
