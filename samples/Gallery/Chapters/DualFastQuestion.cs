using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Gallery;

/// <summary>Does mixing in an earlier noise prediction help, at no evaluation more?</summary>
internal static class DualFastQuestion
{
    private const double Scale = 2;
    private const int ReferenceSteps = 200;
    private const int Steps = 10;
    private const double Noticeable = 0.2;
    private static readonly double[] Weights = [0, 0.1, 0.2, 0.3, 0.5];

    public static CurveSection Answer(IDenoiser network, CurveStudy study)
    {
        var reference = Sampler.For(network).Ddim(ReferenceSteps).Guidance(Scale).Build();
        var truth = study.Reference($"DDIM, {ReferenceSteps} steps", reference);
        Curve[] curves =
        [
            Of("DDIM", b => b.Ddim(Steps)),
            Of("DPM++ 2M", b => b.DpmSolver(Steps)),
            Of("UniPC", b => b.UniPc(Steps)),
        ];
        return new($"DualFast: does it help at {Steps} steps?", "weight c at the last step", false, truth, curves, [.. curves.Select(Finding)]);

        Curve Of(string name, Func<SamplerBuilder, SamplerBuilder> solve) => new(name, [.. Weights.Select(c =>
        {
            var builder = solve(Sampler.For(network)).Guidance(Scale).OnNonFinite(NonFinite.Ignore);
            return study.Measure(c, Invariant($"c = {c:0.0}"), (c == 0 ? builder : builder.Use(new DualFast(c))).Build(), reference);
        })]);
    }

    private static string Finding(Curve curve)
    {
        var (plain, best) = (curve.Points[0], curve.Points.Skip(1).MaxBy(p => p.Psnr)!);
        var gain = best.Psnr - plain.Psnr;
        return gain > Noticeable
            ? Invariant($"{curve.Name}: best with {best.Label}, {gain:+0.0;−0.0;0.0} dB at the same evaluations.")
            : Invariant($"{curve.Name}: DualFast does not help here ({gain:+0.0;−0.0;0.0} dB at its best).");
    }
}
