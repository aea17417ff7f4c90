using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A straight line from one noise level to another in sigma space, computed in float32 at least.</summary>
internal static class EulerStep
{
    /// <summary>The slope (x − x0)/σ of the first-order term. A tensor of its own, or the prediction's.</summary>
    public static Tensor Slope(Prediction now)
    {
        if (now.LeadsApart)
        {
            return now.LeadingEpsilon;
        }

        var x0 = now.X0;
        using var scope = NewDisposeScope();
        return (now.X - x0).Over(now.At.Sigma).MoveToOuterDisposeScope();
    }

    /// <summary>x + slope·(σ' − σ); where x0 and ε come from different guidance, x0 + σ'·ε.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="now">The prediction.</param>
    /// <param name="to">σ'.</param>
    /// <param name="noise">Deviation of fresh noise at the end; null for none drawn.</param>
    public static SolverUpdate To(in SolverState state, Prediction now, float to, float? noise = null)
    {
        var wide = now.Widened();

        // Taken before the scope opens: predictions remember their conversions.
        var (x0, epsilon) = (wide.LeadingX0, wide.LeadsApart ? wide.LeadingEpsilon : null);

        using var scope = NewDisposeScope();
        var mean = epsilon is not null ? x0.Plus(epsilon.Times(to)) : wide.X.Plus((wide.X - x0).Over(now.At.Sigma).Times(to - now.At.Sigma));
        return Moved(state, mean, noise);
    }

    /// <summary>
    /// The same from a raised level, where the reference adds noise after the network was asked: x̂ = x + c·n, and x0 is read from the old output on x̂. That is linear in n, so the noise of the update has the factor that
    /// n has in the end.
    /// </summary>
    /// <param name="state">The state before.</param>
    /// <param name="now">The prediction, made at σ.</param>
    /// <param name="read">Level at which x0 is read from it: σ or σ̂.</param>
    /// <param name="raised">σ̂.</param>
    /// <param name="to">σ'.</param>
    /// <param name="deviation">c.</param>
    public static SolverUpdate FromRaised(in SolverState state, Prediction now, GridPoint read, float raised, float to, float deviation)
    {
        var wide = now.Widened();
        var part = (to - raised) / raised;
        var epsilon = wide.LeadsApart ? wide.LeadingEpsilon : null;

        using var scope = NewDisposeScope();
        var mean = wide.X.Plus((epsilon?.Times(read.Sigma) ?? (wide.X - wide.ReadAt(read).X0)).Times(part));
        return Moved(state, mean, deviation * (1 + (part * (1 - ShareOfX(now.Type, read)))));
    }

    /// <summary>∂x0/∂x at a fixed output.</summary>
    private static float ShareOfX(PredictionType type, GridPoint at) => type switch
    {
        PredictionType.Epsilon => 1,
        PredictionType.Sample => 0,
        _ => at.SigmaData * at.SigmaData / ((at.Sigma * at.Sigma) + (at.SigmaData * at.SigmaData)),
    };

    private static SolverUpdate Moved(in SolverState state, Tensor mean, float? noise)
    {
        var back = Wide.Result(mean, state.Latents.dtype);
        var scale = noise is { } deviation ? tensor(deviation, back.dtype, back.device).MoveToOuterDisposeScope() : null;
        return new(back, scale, state with { Latents = back });
    }
}
