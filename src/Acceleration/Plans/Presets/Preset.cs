namespace Acceleration;

/// <summary>
/// A ready choice of strategies for a network that nobody has calibrated: forecasts of the guided prediction between evaluated steps, which are spread as was best on the sample networks. One line for flows, another for networks that predict noise,
/// velocity or the clean sample: of the latter only noise has been measured, and of either kind one small network; figures for others are for you to find (<c>acceleration compare</c>). They run on every network, with any solver, number of
/// steps and guidance, and save the more the more steps there are; below some ten steps next to nothing. Better at equal speed than a preset is what has been fitted to the network: <see cref="ForecastCalibration"/>.
/// </summary>
/// <remarks>
/// Presets differ by kind of prediction and by nothing else of a network. That kind is what decides how a prediction moves along a trajectory, and so what a forecast of it can do; a preset named after a family (FLUX, Stable Diffusion) would claim
/// a measurement that nobody made here, where one network of each kind has been. They are intervals and no thresholds, because an interval saves the same on every network, while a threshold that was found on one may skip all or nothing on another.
/// <code>
/// var sampler = Sampler.For(network).Ddim(50).Guidance(2).UsePreset(Preset.Balanced).Build();
/// </code>
/// </remarks>
public sealed class Preset
{
    private const string Noise = "sample DiT (noise), 50 DDIM steps, guidance 2";
    private const string Flow = "sample UNet (flow), 50 Euler steps, guidance 2";

    private readonly (IStrategy Strategy, PresetFigures Figures) _noise;
    private readonly (IStrategy Strategy, PresetFigures Figures) _flow;

    private Preset(string name, (IStrategy Strategy, PresetFigures Figures) noise, (IStrategy Strategy, PresetFigures Figures) flow) => (Name, _noise, _flow) = (name, noise, flow);

    /// <summary>Differences that are hardly to be seen.</summary>
    public static Preset Quality { get; } = new(
        "quality",
        (Even(3), new(Noise, 2.78, 47.9, 35.1)),
        (new IntervalForecast(2, 2) { Over = Abscissa.LogSnr }, new(Flow, 1.85, 55.3, 42.4)));

    /// <summary>Small differences.</summary>
    public static Preset Balanced { get; } = new(
        "balanced",
        (Even(4), new(Noise, 3.57, 43.0, 32.5)),
        (new IntervalForecast(3, 2) { Over = Abscissa.LogSnr }, new(Flow, 2.63, 49.6, 37.9)));

    /// <summary>The same pictures with differences in detail.</summary>
    public static Preset Fast { get; } = new(
        "fast",
        (Even(5), new(Noise, 4.17, 40.8, 31.1)),
        (new IntervalForecast(4, 2) { Over = Abscissa.LogSnr }, new(Flow, 3.33, 40.4, 35.1)));

    /// <summary>All of them, slowest first.</summary>
    public static IReadOnlyList<Preset> All { get; } = [Quality, Balanced, Fast];

    /// <summary>The preset of a name, as <c>--preset</c> takes it.</summary>
    /// <param name="name">Its <see cref="Name"/>, in any case.</param>
    /// <exception cref="FormatException">There is none; the message says the nearest, and which there are.</exception>
    public static Preset Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(name);
    }

    /// <summary>Its name in lower case.</summary>
    public string Name { get; }

    /// <summary>The plan for a network. It leaves solver, steps and guidance open.</summary>
    public AccelerationPlan For(DenoiserInfo network) => new() { Strategies = [Line(network).Strategy] };

    /// <summary>What the line for a network's kind did on the sample network of that kind.</summary>
    public PresetFigures Figures(DenoiserInfo network) => Line(network).Figures;

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static Cached Even(int every) => new(Where.Prediction, new EvenSteps(every), new How(Quantity.Output, new Polynomial(2), Abscissa.Time));

    private static FormatException Unknown(string name)
    {
        string[] known = [.. All.Select(p => p.Name)];
        var nearest = NearestName.Of(name.ToLowerInvariant(), known, Math.Max(1, name.Length / 2));
        return new($"there is no preset '{PlanException.Shorten(name)}'{(nearest is null ? "" : $", did you mean '{nearest}'?")}; there are {string.Join(", ", known)}.");
    }

    private (IStrategy Strategy, PresetFigures Figures) Line(DenoiserInfo network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.Prediction == PredictionType.Flow ? _flow : _noise;
    }
}
