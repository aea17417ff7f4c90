namespace Acceleration;

/// <summary>The solvers by name.</summary>
public static partial class SolverExtensions
{
    /// <summary>DDIM (Song et al., 2021) on the network's own training schedule.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, 1..train steps.</param>
    /// <param name="spacing">How timesteps are picked.</param>
    /// <param name="eta">η, 0 (deterministic) to 1 (ancestral).</param>
    /// <param name="clip">Bounds on the predicted clean sample; null for none. Pixel-space networks sample better with <c>new SampleClip()</c>.</param>
    /// <exception cref="InvalidOperationException">A flow network has no such schedule.</exception>
    public static SamplerBuilder Ddim(
        this SamplerBuilder builder, int steps, TimestepSpacing spacing = TimestepSpacing.Linspace, double eta = 0, SampleClip? clip = null) =>
        builder.Solve(new Ddim { Eta = eta }, new DdimGrid(steps) { Spacing = spacing }, clip);

    /// <summary>Euler steps along a rectified flow, σ·T told to the network.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, at least 1, over σ = 1, ..., 1/steps, 0.</param>
    /// <param name="shift">Static shift f of σ to f·σ/(1 + (f − 1)·σ); 1 for none.</param>
    /// <param name="stochastic">Whether each step noises its predicted clean sample anew.</param>
    public static SamplerBuilder FlowEuler(this SamplerBuilder builder, int steps, double shift = 1, bool stochastic = false) =>
        builder.Solve(new FlowEuler { Stochastic = stochastic }, new FlowGrid(steps, shift));
}
