using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Gallery;

/// <summary>Which evaluations of the unconditional branch can be spared?</summary>
internal static class GuidanceQuestion
{
    private const double Scale = 2;
    private const int Steps = 20;
    private const int Trajectories = 200;
    private const long SeedOfTrajectories = 1_000_000;

    public static CurveSection Answer(IDenoiser network, CurveStudy study)
    {
        var reference = Plain(Steps);
        var linear = Fitted(network, study);
        var truth = study.Reference($"plain guidance, {Steps} steps", reference);
        Curve[] curves =
        [
            Of("fewer steps (control)", [.. new[] { 10, 12, 13, 15, 17, 19 }.Select(n => ($"{n} steps", Plain(n)))]),
            Of("guidance in the first steps (control)", [.. new[] { 0.25, 0.5, 0.75, 0.9 }.Select(s => (Invariant($"first {s:0 %}"), With(new StepAG(s))))]),
            Of("guidance in the last steps", [.. new[] { 0.25, 0.5, 0.75 }.Select(s => (Invariant($"last {s:0 %}"), With(GuidanceInterval.Share(1 - s, 1))))]),
            Of("Adaptive Guidance", [.. new[] { 0.99, 0.997, 0.999, 0.9999 }.Select(g => (Invariant($"γ̄ {g}"), With(new AdaptiveGuidance(g))))]),
            Of("LinearAG", [.. new[] { LinearTail.Conditional, LinearTail.Estimated }.Select(t => ($"tail {t.ToString().ToLowerInvariant()}", Planned(linear.Plan(new() { Tail = t }))))]),
            Of("Adaptive Guidance, difference held", [.. new[] { 0.99, 0.997, 0.999, 0.9999 }.Select(g => (Invariant($"γ̄ {g}"), With(new AdaptiveGuidance(g) { Tail = GuidanceTail.HoldDelta })))]),
        ];
        return new($"Guidance: what can be left out of {Steps} steps?", "evaluations per picture", false, truth, curves, [.. Findings(curves)]);

        Sampler Plain(int n) => Sampler.For(network).Ddim(n).Guidance(Scale).OnNonFinite(NonFinite.Ignore).Build();

        Sampler With(IStrategy strategy) => Sampler.For(network).Ddim(Steps).Guidance(Scale).Use(strategy).OnNonFinite(NonFinite.Ignore).Build();

        Sampler Planned(AccelerationPlan plan) => Sampler.For(network).Plan(plan).OnNonFinite(NonFinite.Ignore).Build();

        Curve Of(string name, (string Label, Sampler Sampler)[] samplers) => new(name, [.. samplers.Select(s => study.Measure(null, s.Label, s.Sampler, reference)).OrderBy(p => p.X)]);
    }

    /// <summary>As many trajectories as were published, of other noise than that of the pictures.</summary>
    private static LinearAGCalibration Fitted(IDenoiser network, CurveStudy study)
    {
        var calibration = LinearAGCalibration.For(Sampler.For(network).Ddim(Steps).Guidance(Scale));
        for (var from = 0; from < Trajectories; from += study.Batch)
        {
            using var condition = study.Condition(from, Math.Min(study.Batch, Trajectories - from));
            calibration.Record(new() { Condition = condition, Seed = SeedOfTrajectories + from }, study.Cancellation);
        }

        return calibration;
    }

    /// <summary>Against the better of both controls at no more evaluations: what a method gains at its best, and at how many of its settings.</summary>
    private static IEnumerable<string> Findings(Curve[] curves)
    {
        foreach (var curve in curves.Skip(2))
        {
            var gains = curve.Points.Select(p => (Point: p, Gain: p.Psnr - Math.Max(AtMost(curves[0], p.Evaluations), AtMost(curves[1], p.Evaluations)))).ToArray();
            var best = gains.MaxBy(g => g.Gain);
            yield return best.Gain > 0
                ? Invariant($"{curve.Name} helps at {gains.Count(g => g.Gain > 0)} of {gains.Length} settings: {best.Gain:+0.0} dB above the better control at {best.Point.Evaluations:0.#} of {2 * Steps} evaluations ({best.Point.Label}, {best.Point.Psnr:0.0} dB).")
                : Invariant($"{curve.Name} does not help here: fewer steps, or guidance in the first steps alone, come closer at the same evaluations ({best.Gain:−0.0;−0.0;0.0} dB at its best).");
        }
    }

    /// <summary>The best that a control reaches with no more evaluations; below every method where it reaches none.</summary>
    private static double AtMost(Curve control, double evaluations) => control.Points.Where(p => p.Evaluations <= evaluations + 0.1).Select(p => p.Psnr).DefaultIfEmpty(double.NegativeInfinity).Max();
}
