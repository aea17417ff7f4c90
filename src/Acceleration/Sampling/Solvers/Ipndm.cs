using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// The multistep part of PNDM alone (Liu et al., 2022; Zhang and Chen, 2022): ε by Adams and Bashforth from this step and up to three before it, order 1 to 4 as they come, and x' = α'·(x − σ·ε)/α + σ'·ε.
/// A first step from pure noise (α = 0) keeps the noise. Takes no bounds on the clean sample. Computes in the dtype of the latents.
/// </summary>
[Entry("ipndm", "ipndm")]
[UsualSchedule(typeof(IpndmGrid))]
public sealed record Ipndm : ISolver
{
    /// <summary>What α is at least where it divides.</summary>
    private const double LeastAlpha = 1e-8;

    /// <inheritdoc/>
    public string Name => "ipndm";

    /// <inheritdoc/>
    public string? RefuseClip() => AdamsBashforth.Unbounded;

    /// <inheritdoc/>
    public string? Refuse(Schedule grid) => SigmaLevels.WhyUnscaled(grid);

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => 1;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => new(state.Latents, state.Latents, grid.Points[step]);

    /// <inheritdoc/>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        var (from, to) = (grid.Points[step], grid.Targets[step]);

        // Taken before the scope opens: the prediction remembers its conversions.
        var (leading, kept) = (now.LeadingEpsilon, now.Epsilon);

        using var scope = NewDisposeScope();
        var epsilon = AdamsBashforth.Direction(leading, state.History);
        var clean = (state.Latents - epsilon.Times(from.Sigma)).Over(Math.Max(from.Alpha, LeastAlpha));
        var mean = clean.Times(to.Alpha).Plus(epsilon.Times(to.Sigma)).MoveToOuterDisposeScope();
        return new(mean, null, new(mean, AdamsBashforth.Push(kept.alias().MoveToOuterDisposeScope(), state.History)));
    }
}
