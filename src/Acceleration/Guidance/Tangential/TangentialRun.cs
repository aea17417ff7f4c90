using static TorchSharp.torch;

namespace Acceleration;

internal sealed class TangentialRun(TangentialClassifierFreeGuidance guidance, DenoiserInfo network) : PairRun(guidance.Scale, network)
{
    protected override Tensor Guide(StepInfo step, Tensor cond, Tensor uncond, IReadOnlyList<int> samples)
    {
        var damped = Damped(PerSample.Wide(cond), PerSample.Wide(uncond)).As(uncond);
        return Extrapolation.Of(guidance.Base, guidance.Scale, cond, damped, cond - damped);
    }

    /// <summary>
    /// The singular vector is p·c + q·u up to its length, with the leading unit eigenvector (p, q) of the 2 × 2 matrix of inner products; then u' = q·(p·c + q·u). With r = |(⟨c,c⟩ − ⟨u,u⟩, 2⟨c,u⟩)| that
    /// is ⟨c,u⟩/r·c + (1 − (⟨c,c⟩ − ⟨u,u⟩)/r)/2·u: no decomposition of long vectors.
    /// </summary>
    private static Tensor Damped(Tensor cond, Tensor uncond)
    {
        var (common, excess) = (PerSample.Dot(cond, uncond), PerSample.Dot(cond, cond) - PerSample.Dot(uncond, uncond));
        var spread = ((excess * excess).Plus((common * common).Times(4.0))).sqrt();

        // Orthogonal outputs of equal length have no leading direction: u stays.
        var none = spread.EqualTo(0.0);
        var divisor = spread.With(none, 1);
        var along = common / divisor;
        var kept = (ones_like(excess) - (excess / divisor)).Times(0.5).With(none, 1);
        return (cond * along.As(cond)).Plus(uncond * kept.As(uncond));
    }
}
