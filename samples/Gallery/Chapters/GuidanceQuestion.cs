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

    private static IEnumerable<string> Findings(Curve[] curves)
    {
        var control = curves[1];
        foreach (var curve in curves.Skip(2))
        {
            var best = curve.Points.Select(p => (Point: p, Gain: p.Psnr - AtMost(control, p.Evaluations))).Where(p => double.IsFinite(p.Gain)).DefaultIfEmpty().MaxBy(p => p.Gain);
            yield return best.Point is null ? $"{curve.Name}: spends fewer evaluations than any control."
                : best.Gain > 0 ? Invariant($"{curve.Name}: {best.Gain:+0.0} dB above guidance in the first steps alone at {best.Point.Evaluations:0.#} evaluations ({best.Point.Label}, {best.Point.Psnr:0.0} dB).")
                : Invariant($"{curve.Name} does not help here: guidance in the first steps alone comes closer at the same evaluations ({best.Gain:−0.0;−0.0} dB at its best).");
        }
    }

    /// <summary>The best that a control reaches with no more evaluations.</summary>
    private static double AtMost(Curve control, double evaluations) => control.Points.Where(p => p.Evaluations <= evaluations + 0.01).Select(p => p.Psnr).DefaultIfEmpty(double.NaN).Max();
}
