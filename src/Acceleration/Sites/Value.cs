using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// What flows through a site: one tensor, or the two streams of a dual-stream network. Caching treats both members alike, token methods
/// touch only <see cref="Main"/>. A value that crosses a site is read-only: caches may hold the same memory.
/// </summary>
/// <param name="Main">Image tokens [rows, tokens, width], latents [rows, channels, ...], or the image stream of a pair.</param>
/// <param name="Text">Text stream [rows, text tokens, width], or null.</param>
public readonly record struct Value(Tensor Main, Tensor? Text = null)
{
    private readonly Tensor? _joint;

    private Value(Tensor main, Tensor text, Tensor joint)
        : this(main, text) => _joint = joint;

    /// <summary>A single stream is a value of one member.</summary>
    public static implicit operator Value(Tensor main) => new(main);

    /// <summary>
    /// A joint stream [rows, text + image tokens, width] seen as the pair it was concatenated from, so that ranges may cross from double-stream to
    /// single-stream blocks.
    /// </summary>
    public static Value FromJoint(Tensor joint, long textTokens, TextPlace place)
    {
        var image = joint.size(1) - textTokens;
        return place == TextPlace.Before
            ? new(joint.narrow(1, textTokens, image), joint.narrow(1, 0, textTokens), joint)
            : new(joint.narrow(1, 0, image), joint.narrow(1, image, textTokens), joint);
    }

    /// <summary>The joint view where the members still are views of one tensor, else their concatenation; a single stream is itself.</summary>
    public Tensor Joint(TextPlace place) =>
        _joint is not null ? _joint
        : Text is null ? Main
        : place == TextPlace.Before ? cat([Text, Main], 1) : cat([Main, Text], 1);

    /// <summary>Applies a function to both members.</summary>
    public Value Map(Func<Tensor, Tensor> f) => new(f(Main), Text is null ? null : f(Text));

    /// <summary>Combines two values of the same form, member by member.</summary>
    /// <exception cref="ArgumentException">One has a text stream and the other has not.</exception>
    public Value Zip(Value other, Func<Tensor, Tensor, Tensor> f) =>
        (Text is null) != (other.Text is null)
            ? throw new ArgumentException("A value with a text stream cannot be combined with one that has none.", nameof(other))
            : new(f(Main, other.Main), Text is null ? null : f(Text, other.Text!));

    /// <summary>Puts rows together along dimension 0.</summary>
    public static Value Concat(IReadOnlyList<Value> parts) =>
        parts.Count == 1
            ? parts[0]
            : new(cat([.. parts.Select(p => p.Main)], 0), parts[0].Text is null ? null : cat([.. parts.Select(p => p.Text!)], 0));

    /// <summary>The joint tensor that the members are views of, or null.</summary>
    internal Tensor? JointForm => _joint;

    /// <summary>Whether a tensor is one of the members or their joint form.</summary>
    internal bool Holds(Tensor tensor) => ReferenceEquals(tensor, Main) || ReferenceEquals(tensor, Text) || ReferenceEquals(tensor, _joint);
}
