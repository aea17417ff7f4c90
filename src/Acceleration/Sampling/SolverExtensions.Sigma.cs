namespace Acceleration;

/// <content>Solvers in sigma space, and Heun's method on flows.</content>
public static partial class SolverExtensions
{
    /// <summary>Euler's method in sigma space.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, 1..train steps.</param>
    /// <param name="shape">How noise levels are distributed, for example <see cref="SigmaShape.Karras"/>.</param>
    /// <param name="churn">Fresh noise in each step; null for none.</param>
    /// <exception cref="InvalidOperationException">A flow network has no such schedule.</exception>
    public static SamplerBuilder Euler(this SamplerBuilder builder, int steps, SigmaShape shape = SigmaShape.Plain, Churn? churn = null) =>
        builder.Solve(new Euler { Churn = churn }, new SigmaGrid(steps) { Shape = shape });

    /// <summary>Euler's method that goes below each level and noises up to it.</summary>
    /// <inheritdoc cref="Euler"/>
    public static SamplerBuilder EulerAncestral(this SamplerBuilder builder, int steps, SigmaShape shape = SigmaShape.Plain) =>
        builder.Solve(new EulerAncestral(), new SigmaGrid(steps) { Shape = shape });

    /// <summary>Heun's method in sigma space: two network calls in each step but the last.</summary>
    /// <inheritdoc cref="Euler"/>
    public static SamplerBuilder Heun(this SamplerBuilder builder, int steps, SigmaShape shape = SigmaShape.Plain) =>
        builder.Solve(new Heun(), new SigmaGrid(steps) { Shape = shape });

    /// <summary>DPM-Solver-2 in sigma space: two network calls in each step but the last.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, 1..train steps.</param>
    /// <param name="shape">How noise levels are distributed, for example <see cref="SigmaShape.Karras"/>.</param>
    /// <param name="ancestral">Whether each step goes below the next level and noises up to it.</param>
    /// <exception cref="InvalidOperationException">A flow network has no such schedule.</exception>
    public static SamplerBuilder Kdpm2(this SamplerBuilder builder, int steps, SigmaShape shape = SigmaShape.Plain, bool ancestral = false) =>
        builder.Solve(new Kdpm2 { Ancestral = ancestral }, new SigmaGrid(steps) { Shape = shape });

    /// <summary>Linear multistep in sigma space.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, 1..train steps.</param>
    /// <param name="shape">How noise levels are distributed, for example <see cref="SigmaShape.Karras"/>.</param>
    /// <param name="order">Slopes in use, 1 to <see cref="Lms.HighestOrder"/>.</param>
    /// <exception cref="InvalidOperationException">A flow network has no such schedule.</exception>
    public static SamplerBuilder Lms(this SamplerBuilder builder, int steps, SigmaShape shape = SigmaShape.Plain, int order = 4) =>
        builder.Solve(new Lms { Order = order }, new SigmaGrid(steps) { Shape = shape });

    /// <summary>The sampler of Karras et al. (2022), algorithm 2, for preconditioned networks: two network calls in each step but the last.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, at least 1, over σ = 80, ..., 0.002, 0.</param>
    /// <param name="churn">Fresh noise in each step; null for none.</param>
    public static SamplerBuilder EdmHeun(this SamplerBuilder builder, int steps, Churn? churn = null) => builder.Solve(new EdmHeun { Churn = churn }, new EdmGrid(steps));

    /// <summary>Euler's method for preconditioned networks.</summary>
    /// <inheritdoc cref="EdmHeun"/>
    public static SamplerBuilder EdmEuler(this SamplerBuilder builder, int steps, Churn? churn = null) => builder.Solve(new EdmEuler { Churn = churn }, new EdmGrid(steps));

    /// <summary>Heun's method on a rectified flow: two network calls in each step but the last.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, at least 1, over σ = 1, ..., 1/steps, 0.</param>
    /// <param name="shift">Static shift f of σ to f·σ/(1 + (f − 1)·σ); 1 for none.</param>
    /// <param name="churn">Fresh noise in each step; null for none.</param>
    public static SamplerBuilder FlowHeun(this SamplerBuilder builder, int steps, double shift = 1, Churn? churn = null) =>
        builder.Solve(new FlowHeun { Churn = churn }, new FlowGrid(steps, shift));
}
