using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Gallery;

/// <summary>Fitted forecasts or a better solver, with as many evaluations? Forecasts are fitted to a sampler's own pictures, while solvers come close to those of very many steps: each is asked for both.</summary>
/// <param name="Network">The network's name in plans.</param>
/// <param name="Fitted">Evaluations of the plans for it.</param>
/// <param name="Plain">The solver that forecasts were fitted to, for a number of steps.</param>
/// <param name="Solvers">What it is called, and other solvers.</param>
internal sealed record ForecastQuestion(string Network, IReadOnlyList<int> Fitted, Func<SamplerBuilder, int, SamplerBuilder> Plain, params IReadOnlyList<(string Name, Func<SamplerBuilder, int, SamplerBuilder> Solve)> Solvers)
{
    private const double Scale = 2;
    private const string Forecasts = "fitted forecast";
    private static readonly int[] Steps = [4, 5, 6, 7, 10];

    public static ForecastQuestion OnTransformer { get; } = new(
        "dit",
        [9, 12, 14],
        (b, n) => b.Ddim(n),
        ("DDIM", (b, n) => b.Ddim(n)),
        ("DPM++ 2M Karras", (b, n) => b.DpmSolver(n, SigmaShape.Karras)),
        ("DPM++ 2M, uniform in log-SNR", (b, n) => b.Solve(new DpmSolver(), new LogSnrGrid(n))),
        ("UniPC", (b, n) => b.UniPc(n)),
        ("UniPC, uniform in log-SNR", (b, n) => b.Solve(new UniPc(), new LogSnrGrid(n))));

    public static ForecastQuestion OnUNet { get; } = new(
        "unet",
        [14, 20],
        (b, n) => b.FlowEuler(n),
        ("Euler", (b, n) => b.FlowEuler(n)),
        ("DPM++ 2M", (b, n) => b.DpmSolver(n)),
        ("UniPC", (b, n) => b.UniPc(n)));

    /// <summary>Against the sampler that the forecasts were fitted to, and against many more steps of it.</summary>
    public IEnumerable<CurveSection> Answer(IDenoiser network, CurveStudy study)
    {
        foreach (var steps in new[] { 50, 200 })
        {
            var reference = Made(Plain, steps);
            var truth = study.Reference($"{Solvers[0].Name}, {steps} steps", reference);
            Curve[] curves =
            [
                new(Forecasts, [.. Fitted.Select(n => study.Measure(null, $"{n} evaluations", FittedPlan.Sampler(network, $"{Network}-forecast{n}"), reference))]),
                .. Solvers.Select(s => new Curve(s.Name, [.. Steps.Select(n => study.Measure(null, $"{n} steps", Made(s.Solve, n), reference))])),
            ];
            yield return new($"Fitted forecasts or another solver? {truth.Label}", "evaluations per picture", true, truth, curves, [.. Findings(curves)]);
        }

        Sampler Made(Func<SamplerBuilder, int, SamplerBuilder> solve, int steps) => solve(Sampler.For(network), steps).Guidance(Scale).OnNonFinite(NonFinite.Ignore).Build();
    }

    /// <summary>Each forecast beside the best solver that evaluates no less, by as little as there is.</summary>
    private static IEnumerable<string> Findings(Curve[] curves)
    {
        foreach (var forecast in curves[0].Points)
        {
            var given = curves[1].Points.Select(p => p.Evaluations).First(e => e >= forecast.Evaluations - 0.1);
            var best = curves[1..].Select(c => (c.Name, Point: c.Points.Single(p => Math.Abs(p.Evaluations - given) < 0.1))).MaxBy(c => c.Point.Psnr);
            yield return Invariant($"{forecast.Evaluations:0} evaluations fitted: {forecast.Psnr:0.0} dB; best solver with {given:0}: {best.Name}, {best.Point.Psnr:0.0} dB.");
        }
    }
}
