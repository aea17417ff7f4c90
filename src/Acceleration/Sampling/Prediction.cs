using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// A (guided) network output seen as x0, ε and flow velocity at its noise level. Conversions are made when first asked for and live in the
/// dispose scope of that moment. <c>Leading*</c> is what a solver's first-order term uses and plain <c>X0</c>/<c>Epsilon</c> what enters its history: they
/// differ only where a conversion hook mixes the leading term (DualFast, SADA).
/// </summary>
public sealed class Prediction
{
    private readonly PredictionType _type;
    private readonly SampleClip? _clip;
    private Tensor? _x0;
    private Tensor? _epsilon;
    private Tensor? _epsilonOfX0;
    private Tensor? _leadingX0;
    private Tensor? _leadingEpsilon;

    /// <summary>Wraps a network output.</summary>
    /// <param name="output">Guided output with the latents' channel count, [samples, channels, ...].</param>
    /// <param name="type">What <paramref name="output"/> means.</param>
    /// <param name="x">The latents x = α·x0 + σ·ε the network saw, unscaled.</param>
    /// <param name="at">Noise level of <paramref name="x"/>.</param>
    /// <param name="clip">Bounds on x0, or null.</param>
    /// <param name="variance">Learned variance logits, or null.</param>
    public Prediction(Tensor output, PredictionType type, Tensor x, GridPoint at, SampleClip? clip = null, Tensor? variance = null)
    {
        (Output, _type, X, At, _clip, Variance) = (output, type, x, at, clip, variance);
    }

    /// <summary>The output as the network (and guidance) made it.</summary>
    public Tensor Output { get; }

    /// <summary>What <see cref="Output"/> means.</summary>
    public PredictionType Type => _type;

    /// <summary>The unscaled latents the network saw.</summary>
    public Tensor X { get; }

    /// <summary>Noise level of <see cref="X"/>.</summary>
    public GridPoint At { get; }

    /// <summary>Learned variance logits, or null.</summary>
    public Tensor? Variance { get; }

    /// <summary>Predicted clean sample, clipped or thresholded as asked.</summary>
    public Tensor X0 => _x0 ??= Conversions.Clip(Conversions.X0(Output, _type, X, At), _clip);

    /// <summary>Predicted noise; not recomputed from a clipped <see cref="X0"/>.</summary>
    public Tensor Epsilon => _epsilon ??= Conversions.Epsilon(Output, _type, X, At);

    /// <summary>Whether the leading terms were given apart: they may differ from x0 and ε, and x need not be α·x0 + σ·ε of them.</summary>
    public bool LeadsApart => _leadingX0 is not null || _leadingEpsilon is not null;

    /// <summary>The x0 of the solver's first-order term.</summary>
    public Tensor LeadingX0 => _leadingX0 ?? X0;

    /// <summary>The ε of the solver's first-order term.</summary>
    public Tensor LeadingEpsilon => _leadingEpsilon ?? Epsilon;

    /// <summary>
    /// Whether a solver that corrects (UniPC) also takes the leading value for this prediction in the differences to older and newer ones, as DualFast has it; else in its first-order term alone.
    /// </summary>
    public bool LeadingInDifferences { get; private init; }

    /// <summary>What leads from x0, clipped as asked, to x: (x − α·x0)/σ.</summary>
    internal Tensor EpsilonOfX0 => _epsilonOfX0 ??= (X - X0.Times(At.Alpha)).Over(At.Sigma);

    /// <summary>As <see cref="EpsilonOfX0"/>, of the first-order term.</summary>
    internal Tensor LeadingEpsilonOfX0 => _leadingEpsilon ?? EpsilonOfX0;

    /// <summary>ε; where x0 is clipped, what leads from it to x.</summary>
    internal Tensor ConsistentEpsilon => _clip is null ? Epsilon : EpsilonOfX0;

    /// <summary>As <see cref="ConsistentEpsilon"/>, of the first-order term.</summary>
    internal Tensor LeadingConsistentEpsilon => _leadingEpsilon ?? ConsistentEpsilon;

    /// <summary>
    /// The flow velocity of the first-order term: ε − x0, the output itself for flow networks, and what leads from x to a clipped x0, (x − x0)/σ.
    /// </summary>
    public Tensor LeadingVelocity =>
        LeadsApart ? LeadingEpsilon - LeadingX0
        : _clip is not null && At.Sigma > 0 ? (X - X0).Over(At.Sigma)
        : _type == PredictionType.Flow ? Output
        : Epsilon - X0;

    /// <summary>The same output read at another noise level, and on other latents: what a solver does that raises the level after the network was asked.</summary>
    internal Prediction ReadAt(GridPoint at, Tensor? x = null) => new(Output, _type, x ?? X, at, _clip, Variance);

    /// <summary>This prediction in float32 where it has half precision; else itself.</summary>
    internal Prediction Widened()
    {
        if (Output.dtype is not (ScalarType.Float16 or ScalarType.BFloat16))
        {
            return this;
        }

        var wide = new Prediction(Wide.Of(Output), _type, Wide.Of(X), At, _clip, Variance);
        return LeadsApart ? wide.WithLeading(Wide.Of(LeadingX0), Wide.Of(LeadingEpsilon)) : wide;
    }

    /// <summary>This prediction with another leading term; history values stay.</summary>
    /// <param name="x0">The clean sample of the first-order term.</param>
    /// <param name="epsilon">The noise of the first-order term.</param>
    /// <param name="inDifferences"><see cref="LeadingInDifferences"/>.</param>
    public Prediction WithLeading(Tensor x0, Tensor epsilon, bool inDifferences = false) => new(Output, _type, X, At, _clip, Variance)
    {
        _x0 = _x0,
        _epsilon = _epsilon,
        _epsilonOfX0 = _epsilonOfX0,
        _leadingX0 = x0,
        _leadingEpsilon = epsilon,
        LeadingInDifferences = inDifferences,
    };

    /// <summary>Another prediction from the same output: also what solvers remember is other. <see cref="Output"/> stays the network's.</summary>
    /// <param name="x0">The clean sample.</param>
    /// <param name="epsilon">The noise.</param>
    public Prediction With(Tensor x0, Tensor epsilon) => new(Output, _type, X, At, _clip, Variance)
    {
        _x0 = x0,
        _epsilon = epsilon,
        _leadingX0 = x0,
        _leadingEpsilon = epsilon,
        LeadingInDifferences = true,
    };

    /// <summary>A clean sample within the bounds of this prediction's.</summary>
    internal Tensor Bounded(Tensor x0) => Conversions.Clip(x0, _clip);
}
