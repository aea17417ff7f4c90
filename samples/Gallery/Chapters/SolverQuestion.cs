using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Gallery;

/// <summary>How few evaluations does each solver need?</summary>
internal static class SolverQuestion
{
    private const double Scale = 2;
    private const int ReferenceSteps = 200;
    private const string UsualSpacing = "DPM++ 2M Karras";
    private const string LogSnrSpacing = "DPM++ 2M, uniform in log-SNR";
    private static readonly int[] Steps = [5, 10, 20, 50];

    public static CurveSection Answer(IDenoiser network, CurveStudy study)
    {
        var reference = Sampler.For(network).Ddim(ReferenceSteps).Guidance(Scale).Build();
        var truth = study.Reference($"DDIM, {ReferenceSteps} steps", reference);
        Curve[] curves =
        [
            Of("DDIM", (b, n) => b.Ddim(n)),
            Of(UsualSpacing, (b, n) => b.DpmSolver(n, SigmaShape.Karras)),
            Of(LogSnrSpacing, (b, n) => b.Solve(new DpmSolver(), new LogSnrGrid(n))),
            Of("UniPC", (b, n) => b.UniPc(n)),
            Of("UniPC, uniform in log-SNR", (b, n) => b.Solve(new UniPc(), new LogSnrGrid(n))),
            Of("Heun", (b, n) => b.Heun(n)),
        ];
        return new("Which solver, with how many evaluations?", "evaluations per picture", true, truth, curves, [.. Findings(curves)]);

        Curve Of(string name, Func<SamplerBuilder, int, SamplerBuilder> solve) =>
            new(name, [.. Steps.Select(n => study.Measure(null, $"{n} steps", solve(Sampler.For(network), n).Guidance(Scale).OnNonFinite(NonFinite.Ignore).Build(), reference))]);
    }

    private static IEnumerable<string> Findings(Curve[] curves)
    {
        for (var i = 0; i < Steps.Length; i++)
        {
            // Heun's method pays two calls for a step, and is compared where its evaluations are.
            var among = curves.Where(c => c.Name != "Heun").Select(c => (c.Name, Point: c.Points[i])).OrderByDescending(c => c.Point.Psnr).ToArray();
            yield return Invariant($"{Steps[i]} steps: {among[0].Name} comes closest ({among[0].Point.Psnr:0.0} dB), {among[^1].Name} least ({among[^1].Point.Psnr:0.0} dB).");
        }

        var (usual, snr) = (curves.Single(c => c.Name == UsualSpacing), curves.Single(c => c.Name == LogSnrSpacing));
        var gains = usual.Points.Zip(snr.Points, (u, s) => (u.Label, Gain: s.Psnr - u.Psnr)).ToArray();
        yield return $"Timesteps uniform in log-SNR instead of Karras levels, DPM++ 2M: {string.Join(", ", gains.Select(g => Invariant($"{g.Gain:+0.0;−0.0;0.0} dB at {g.Label}")))}.";
        var (heun, ddim) = (curves.Single(c => c.Name == "Heun"), curves.Single(c => c.Name == "DDIM"));
        yield return heun.Points.Take(3).All(h => h.Psnr < Interpolated(ddim, h.Evaluations))
            ? "Heun's method does not help here: at its evaluations DDIM comes closer."
            : "Heun's method comes closer than DDIM at some of its evaluations.";
    }

    /// <summary>A curve's value between its points, over the logarithm of evaluations.</summary>
    private static double Interpolated(Curve curve, double evaluations)
    {
        var points = curve.Points;
        var i = Math.Clamp(points.Count(p => p.Evaluations <= evaluations) - 1, 0, points.Count - 2);
        var (a, b) = (points[i], points[i + 1]);
        var share = Math.Log(evaluations / a.Evaluations) / Math.Log(b.Evaluations / a.Evaluations);
        return a.Psnr + (Math.Clamp(share, 0, 1) * (b.Psnr - a.Psnr));
    }
}
