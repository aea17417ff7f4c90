namespace Acceleration;

/// <content>Solvers on training steps beside DDIM.</content>
public static partial class SolverExtensions
{
    /// <summary>DDPM (Ho et al., 2020), ancestral sampling on the network's own training schedule.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, 1..train steps.</param>
    /// <param name="variance">What noise is drawn.</param>
    /// <param name="spacing">How timesteps are picked.</param>
    /// <param name="clip">Bounds on the predicted clean sample; null for none.</param>
    /// <exception cref="InvalidOperationException">A flow network has no such schedule.</exception>
    public static SamplerBuilder Ddpm(
        this SamplerBuilder builder, int steps, DdpmVariance variance = DdpmVariance.FixedSmall, TimestepSpacing spacing = TimestepSpacing.Leading, SampleClip? clip = null) =>
        builder.Solve(new Ddpm { Variance = variance }, new DdimGrid(steps) { Spacing = spacing }, clip);

    /// <summary>PNDM (Liu et al., 2022) on the network's own training schedule.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, 1..train steps; at least 4 with <paramref name="rungeKutta"/>.</param>
    /// <param name="spacing">How timesteps are picked.</param>
    /// <param name="rungeKutta">Whether the first three steps have four calls each, as published; else the first one has two.</param>
    /// <exception cref="InvalidOperationException">A flow network has no such schedule.</exception>
    public static SamplerBuilder Pndm(this SamplerBuilder builder, int steps, TimestepSpacing spacing = TimestepSpacing.Leading, bool rungeKutta = false) =>
        builder.Solve(new Pndm(), new PndmGrid(steps) { Spacing = spacing, RungeKutta = rungeKutta });

    /// <summary>Few-step sampling of a latent consistency model (Luo et al., 2023).</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, 1..<paramref name="originalSteps"/>.</param>
    /// <param name="originalSteps">Training steps that the model was distilled on.</param>
    /// <param name="clip">Bounds on the predicted clean sample; null for none.</param>
    /// <exception cref="InvalidOperationException">A flow network has no such schedule.</exception>
    public static SamplerBuilder Lcm(this SamplerBuilder builder, int steps, int originalSteps = 50, SampleClip? clip = null) =>
        builder.Solve(new Lcm(), new LcmGrid(steps) { OriginalSteps = originalSteps }, clip);

    /// <summary>iPNDM for networks that predict v and are told a time from 1 to 0 (Dance Diffusion).</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, at least 1.</param>
    public static SamplerBuilder Ipndm(this SamplerBuilder builder, int steps) => builder.Solve(new Ipndm(), new IpndmGrid(steps));
}
