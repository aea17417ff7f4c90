using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What a sampler and strategies must know of a network.</summary>
public sealed record DenoiserInfo
{
    private readonly NetworkClock? _clock;

    /// <summary>Name for reports, for example <c>fashion-dit</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the network predicts.</summary>
    public required PredictionType Prediction { get; init; }

    /// <summary>Latent size of one sample that the network was trained for, [channels, height, width] or [channels, frames, height, width].</summary>
    public required IReadOnlyList<long> SampleSize { get; init; }

    /// <summary>
    /// What it is told of the noise level, as which noise levels are checked when a sampler is built. Unless another is said: σ·T for <see cref="PredictionType.Flow"/>, ¼·ln σ for
    /// <see cref="PredictionType.Preconditioned"/>, training steps for the others. Networks that predict v and are told ¼·ln σ (Stable Video Diffusion) say <see cref="NetworkClock.LogSigma"/>.
    /// </summary>
    public NetworkClock Clock { get => _clock ?? ClockCheck.UsualOf(Prediction); init => _clock = value; }

    /// <summary>Signals that it publishes for decisions (<see cref="Evaluation.Publish"/>), before its chain or its cuts. A strategy that needs another one is refused when a sampler is built.</summary>
    public IReadOnlyList<Signal> Signals { get; init; } = [];

    /// <summary>The training noise schedule of variance-preserving networks; null for flow networks.</summary>
    public NoiseTable? Noise { get; init; }

    /// <summary>Side of a patch in latent pixels: one token for each.</summary>
    public int Patch { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>Frames of a patch in latents [channels, frames, height, width]: one token covers them together.</summary>
    public int FramePatch { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>Tokens of each frame that are no patches but run with them: class, register and time tokens. They are part of <see cref="Layout"/>, and so of what everything costs.</summary>
    public int SpecialPerFrame { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Whether these lie before the patches of their frame or behind them.</summary>
    public TextPlace SpecialPlace { get; init; } = TextPlace.Before;

    /// <summary>What sides must be multiples of: the patch, unless a network that halves them says more.</summary>
    public int SizeMultiple { get => field == 0 ? Patch : field; init => field = Require.AtLeast(1, value); }

    /// <summary>
    /// Whether it takes latents of <see cref="SampleSize"/> alone, as networks with learned positions and exported graphs of fixed shape do. Requests of another size are then refused, and so are stages of another
    /// resolution when a sampler is built.
    /// </summary>
    public bool IsFixedSize { get; init; }

    /// <summary>Whether the output has twice the channels, the second half being variance logits.</summary>
    public bool LearnedVariance { get; init; }

    /// <summary>The sites it raises.</summary>
    public SiteMap Sites { get; init; } = new();

    /// <summary>
    /// Makes the unconditional branch's condition from the conditional one; null where the network has none (distilled guidance), so that strategies
    /// which need one are refused.
    /// </summary>
    public Func<Conditioning, Conditioning>? Unconditional { get; init; }

    /// <summary>
    /// Whether a request brings the unconditional branch's condition, as <see cref="SamplingRequest.Negative"/>: an encoded negative or empty prompt, of which a network knows nothing by itself.
    /// </summary>
    public bool NegativeComesWithRequest { get; init; }

    /// <summary>Whether there is an unconditional branch, by <see cref="Unconditional"/> or <see cref="NegativeComesWithRequest"/>.</summary>
    public bool HasUnconditional => Unconditional is not null || NegativeComesWithRequest;

    /// <summary>The conditions it reads; requests are checked against them. None where the network looks for itself.</summary>
    public IReadOnlyList<ConditionSpec> Conditions { get; init; } = [];

    /// <summary>Number of classes of a class-conditional network; 0 for others. Labels are checked against it.</summary>
    public int Classes { get; init; }

    /// <summary>Where the network computes.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>Type of the latents it takes and returns.</summary>
    public ScalarType DType { get; init; } = ScalarType.Float32;

    /// <summary>A hash of the weights, so that two networks of one shape can be told apart; null where the library does not see them.</summary>
    public string? Weights { get; init; }

    /// <summary>
    /// 12 hexadecimal digits over prediction type, sizes, noise table, sites with their costs, and <see cref="Weights"/>: what a plan's calibration compares. Name, device and number format are no part of it.
    /// </summary>
    public string Fingerprint => NetworkFingerprint.Of(this);

    /// <summary>Latent channels.</summary>
    public long Channels => SampleSize[0];

    /// <summary>Token layout for a latent size [channels, (frames,) height, width].</summary>
    public TokenLayout Layout(IReadOnlyList<long> size) => new(
        size.Count > 3 ? (int)size[1] / FramePatch : 1,
        size.Count > 2 ? (int)size[^2] / Patch : 1,
        (int)size[^1] / Patch,
        SpecialPerFrame: SpecialPerFrame)
    {
        SpecialPlace = SpecialPlace,
    };

    /// <summary>
    /// Tokens of what a network attends to beside its own, of which <see cref="CostModel"/> counts the work: of all <see cref="Conditions"/> that are sequences of vectors, a text above all.
    /// </summary>
    /// <param name="condition">The condition of a call; null for what a request usually brings.</param>
    public long TextTokens(Conditioning? condition = null) => Conditions
        .Where(c => c.IsSequence && c.Size.Count == 2)
        .Sum(c => condition is not null ? condition.Find(c.Name)?.size(1) ?? 0 : c.IsOptional ? 0 : c.Size[0]);

    /// <summary>Multiply-adds of a call with one row of a latent size [channels, ...]; with what a request usually brings where the condition is null.</summary>
    internal double MultiplyAdds(IReadOnlyList<long> size, Conditioning? condition)
    {
        var layout = Layout(size);
        return Sites.Network.Cost.MultiplyAdds(layout.Tokens, TextTokens(condition), layout.Frames);
    }

    /// <summary>Refuses latent sizes that the network cannot take, before native code meets them.</summary>
    /// <exception cref="ArgumentException">
    /// Wrong rank, channel count, a side that is no positive multiple of <see cref="SizeMultiple"/>, frames that are none of <see cref="FramePatch"/>, or another size than the only one it takes (<see cref="IsFixedSize"/>).
    /// </exception>
    public void RequireSize(IReadOnlyList<long> size)
    {
        if (IsFixedSize && !size.SequenceEqual(SampleSize))
        {
            throw new ArgumentException($"{Name} is of one fixed size ({nameof(IsFixedSize)}): requests and all stages have latents of size [{string.Join(", ", SampleSize)}]; got [{string.Join(", ", size)}].", nameof(size));
        }

        var isVideo = SampleSize.Count > 3;
        if (size.Count != SampleSize.Count || size[0] != Channels || size.Skip(isVideo ? 2 : 1).Any(s => !IsMultiple(s, SizeMultiple)) || (isVideo && !IsMultiple(size[1], FramePatch)))
        {
            throw new ArgumentException(
                $"{Name} takes latents of size [{Channels}, ...] with {(isVideo ? $"frames that are a multiple of {FramePatch} and " : "")}{SampleSize.Count - (isVideo ? 2 : 1)} sides that are multiples of {SizeMultiple}, such as [{string.Join(", ", SampleSize)}]; got [{string.Join(", ", size)}].", nameof(size));
        }

        static bool IsMultiple(long side, int of) => side >= of && side % of == 0;
    }
}
