namespace Acceleration.Onnx;

/// <summary>What an input of a model is given.</summary>
public abstract record OnnxInput
{
    private OnnxInput()
    {
    }

    /// <summary>The latents, [rows, channels, ...].</summary>
    public static OnnxInput Latents { get; } = new LatentsInput(IsPacked: false);

    /// <summary>The latents in squares of 2 × 2 as tokens, [rows, tokens, 4 · channels], the form of FLUX; the output is in the same form.</summary>
    public static OnnxInput PackedLatents { get; } = new LatentsInput(IsPacked: true);

    /// <summary>The timestep: a number for each row, or one for all.</summary>
    public static OnnxInput Timestep { get; } = new TimestepInput();

    /// <summary>Places of the image's tokens, [tokens, 3] or [rows, tokens, 3]: 0, row, column (FLUX's <c>img_ids</c>).</summary>
    public static OnnxInput ImagePlaces { get; } = new ImagePlacesInput();

    /// <summary>Places of the text's tokens, zeros [tokens, 3] or [rows, tokens, 3] (FLUX's <c>txt_ids</c>).</summary>
    public static OnnxInput TextPlaces { get; } = new TextPlacesInput();

    /// <summary>A condition of the request.</summary>
    /// <param name="name">Its name in <see cref="Conditioning"/>: <c>text</c>, <c>labels</c>, <c>pooled</c> ...</param>
    public static OnnxInput Condition(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ConditionInput(name);
    }

    /// <summary>One number in every place, such as a conditioning scale.</summary>
    /// <param name="value">The number.</param>
    public static OnnxInput Constant(double value) => new ConstantInput(value);

    internal sealed record LatentsInput(bool IsPacked) : OnnxInput
    {
        public override string ToString() => IsPacked ? "packed latents" : "latents";
    }

    internal sealed record TimestepInput : OnnxInput
    {
        public override string ToString() => "timestep";
    }

    internal sealed record ImagePlacesInput : OnnxInput
    {
        public override string ToString() => "places of image tokens";
    }

    internal sealed record TextPlacesInput : OnnxInput
    {
        public override string ToString() => "places of text tokens";
    }

    internal sealed record ConditionInput(string Name) : OnnxInput
    {
        public override string ToString() => $"condition '{Name}'";
    }

    internal sealed record ConstantInput(double Value) : OnnxInput
    {
        public override string ToString() => FormattableString.Invariant($"constant {Value}");
    }
}
