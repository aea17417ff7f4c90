using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// DDPM (Ho et al., 2020, algorithm 2): the posterior's mean √ᾱ'·β/(1 − ᾱ)·x0 + √(ᾱ/ᾱ')·(1 − ᾱ')/(1 − ᾱ)·x with β = 1 − ᾱ/ᾱ', and noise. No noise is drawn at time 0. Computes in the dtype of the latents.
/// </summary>
/// <remarks>Coefficients are those of the reference to the last bit, in float32: with very many steps their rounding shows in its results, and in these.</remarks>
[Entry("ddpm", "ddpm")]
[UsualSchedule(typeof(DdimGrid))]
public sealed record Ddpm : ISolver
{
    /// <summary>The least variance of a drawn noise, as the reference bounds it.</summary>
    private const float Least = 1e-20f;

    /// <summary>What noise is drawn.</summary>
    [InTag]
    public DdpmVariance Variance { get; init; } = DdpmVariance.FixedSmall;

    /// <inheritdoc/>
    public string Name => "ddpm";

    private bool IsLearned => Variance is DdpmVariance.Learned or DdpmVariance.LearnedRange;

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => 1;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => new(state.Latents, state.Latents, grid.Points[step]);

    /// <inheritdoc/>
    public string? Refuse(Schedule grid) => PreservedVariance.Why(grid);

    /// <inheritdoc/>
    public string? RefuseNetwork(DenoiserInfo network) => IsLearned && !network.LearnedVariance
        ? $"its variance is learned, and {network.Name} predicts none; use {nameof(DdpmVariance.FixedSmall)} or {nameof(DdpmVariance.FixedLarge)}."
        : null;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The schedule does not preserve variance, or the prediction has no variance where it is learned.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        PreservedVariance.Require(grid, step, "DDPM");
        var (from, to) = (grid.Points[step], grid.Targets[step]);
        var (a, next) = (PreservedVariance.AlphaBar(from), PreservedVariance.AlphaBar(to));
        var kept = a / next;
        var beta = 1 - kept;
        var noise = 1 - a;

        // Taken before the scope opens: the prediction remembers its conversions.
        var x0 = now.LeadingX0;

        using var scope = NewDisposeScope();
        var mean = x0.Times(MathF.Sqrt(next) * beta / noise).Plus(state.Latents.Times(MathF.Sqrt(kept) * (1 - next) / noise)).MoveToOuterDisposeScope();
        var scale = from.Time > 0 ? Deviation(beta, MathF.Max((1 - next) / noise * beta, Least), now, mean).MoveToOuterDisposeScope() : null;
        return new(mean, scale, state with { Latents = mean });
    }

    private Tensor Deviation(float beta, float posterior, Prediction now, Tensor mean) => Variance switch
    {
        DdpmVariance.FixedSmall => tensor(MathF.Sqrt(posterior), mean.dtype, mean.device),
        DdpmVariance.FixedSmallLog => tensor(MathF.Exp(0.5f * MathF.Log(posterior)), mean.dtype, mean.device),
        DdpmVariance.FixedLarge => tensor(MathF.Sqrt(beta), mean.dtype, mean.device),
        DdpmVariance.Learned => Given(now).sqrt(),
        _ => Between(Given(now), MathF.Log(posterior), MathF.Log(beta)),
    };

    /// <summary>exp of half of what lies between two logarithms, at (v + 1)/2.</summary>
    private static Tensor Between(Tensor v, float least, float greatest)
    {
        var share = v.Plus(1).Over(2);
        return share.Times(greatest).Plus((-share).Plus(1).Times(least)).Times(0.5).exp();
    }

    private static Tensor Given(Prediction now) =>
        now.Variance ?? throw new ArgumentException("DDPM is to draw noise of learned variance, and the network predicts none: its output needs twice the channels.");
}
