using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Sampling of latent consistency models (Luo et al., 2023, algorithm 3): each step goes to the clean sample c_out·x0 + c_skip·x and noises it anew to the next level, x' = α'·clean + σ'·n; the last one ends at
/// the clean sample. Computes in the dtype of the latents.
/// </summary>
[Entry("lcm", "lcm")]
[UsualSchedule(typeof(LcmGrid))]
public sealed record Lcm : ISolver
{
    /// <summary>σ of the data in the boundary condition.</summary>
    private const double DataDeviation = 0.5;

    /// <summary>What timesteps are multiplied with in the boundary condition: the larger, the less of x stays.</summary>
    [InTag("k")]
    [Above(0)]
    public double TimestepScaling { get; init => field = Require.Above(0, value); } = 10;

    /// <inheritdoc/>
    public string Name => "lcm";

    /// <inheritdoc/>
    public string? Refuse(Schedule grid) => SigmaLevels.WhyUnscaled(grid);

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => 1;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => new(state.Latents, state.Latents, grid.Points[step]);

    /// <inheritdoc/>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        var to = grid.Targets[step];

        // Taken before the scope opens: the prediction remembers its conversions.
        var x0 = now.LeadingX0;

        using var scope = NewDisposeScope();
        var clean = Clean(grid.Points[step], x0, state.Latents);
        var mean = (to.Sigma == 0 && to.Alpha == 1 ? clean : clean.Times(to.Alpha)).MoveToOuterDisposeScope();
        var noise = to.Sigma == 0 ? null : tensor(to.Sigma, mean.dtype, mean.device).MoveToOuterDisposeScope();
        return new(mean, noise, state with { Latents = mean });
    }

    /// <summary>The consistency function: what the reference calls the denoised sample.</summary>
    /// <param name="at">Noise level of <paramref name="x"/>.</param>
    /// <param name="x0">Predicted clean sample, [samples, channels, ...].</param>
    /// <param name="x">Latents, of the same shape.</param>
    public Tensor Clean(GridPoint at, Tensor x0, Tensor x)
    {
        var (time, variance) = (at.Time * TimestepScaling, DataDeviation * DataDeviation);
        var both = (time * time) + variance;
        return x0.Times(time / Math.Sqrt(both)).Plus(x.Times(variance / both));
    }
}
