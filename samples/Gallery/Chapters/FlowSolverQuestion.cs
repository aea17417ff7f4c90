using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Gallery;

/// <summary>How few evaluations does each solver need on a flow?</summary>
internal static class FlowSolverQuestion
{
    private const double Scale = 2;
    private const int ReferenceSteps = 200;
    private static readonly int[] Steps = [5, 10, 20, 50];

    public static CurveSection Answer(IDenoiser network, CurveStudy study)
    {
        var reference = Sampler.For(network).FlowEuler(ReferenceSteps).Guidance(Scale).Build();
        var truth = study.Reference($"Euler, {ReferenceSteps} steps", reference);
        Curve[] curves =
        [
            Of("Euler", (b, n) => b.FlowEuler(n)),
            Of("DPM++ 2M", (b, n) => b.DpmSolver(n)),
            Of("UniPC", (b, n) => b.UniPc(n)),
            Of("Heun", (b, n) => b.FlowHeun(n)),
        ];
        return new("And on a flow, the sample UNet?", "evaluations per picture", true, truth, curves, [.. Findings(curves)]);

        Curve Of(string name, Func<SamplerBuilder, int, SamplerBuilder> solve) =>
            new(name, [.. Steps.Select(n => study.Measure(null, $"{n} steps", solve(Sampler.For(network), n).Guidance(Scale).OnNonFinite(NonFinite.Ignore).Build(), reference))]);
    }

    /// <summary>At the evaluations of each number of Euler's steps, what comes closest with no more.</summary>
    private static IEnumerable<string> Findings(Curve[] curves)
    {
        foreach (var euler in curves[0].Points)
        {
            var best = curves.SelectMany(c => c.Points.Where(p => p.Evaluations <= euler.Evaluations + 0.1).Select(p => (c.Name, Point: p))).MaxBy(p => p.Point.Psnr);
            yield return best.Name == curves[0].Name
                ? Invariant($"{euler.Evaluations:0} evaluations: Euler comes closest ({euler.Psnr:0.0} dB); no other solver helps.")
                : Invariant($"{euler.Evaluations:0} evaluations: {best.Name} comes closest ({best.Point.Psnr:0.0} dB, Euler {euler.Psnr:0.0} dB).");
        }
    }
}
