namespace Acceleration;

/// <summary>How the tokens of a stream lie in space and time. Stated by the network at entry and at each change of resolution.</summary>
/// <param name="Frames">Latent frames; 1 for images.</param>
/// <param name="Height">Tokens per column.</param>
/// <param name="Width">Tokens per row.</param>
/// <param name="TextLength">Text tokens in the joint stream; 0 where text is apart.</param>
/// <param name="Place">Where the text tokens lie.</param>
/// <param name="ValidText">Text tokens that are not padding.</param>
/// <param name="SpecialPerFrame">Tokens per frame that are no patches (class, register or time tokens). Token methods leave them as they are: they are never merged, and always computed.</param>
public sealed record TokenLayout(
    int Frames,
    int Height,
    int Width,
    int TextLength = 0,
    TextPlace Place = TextPlace.Before,
    int ValidText = 0,
    int SpecialPerFrame = 0)
{
    /// <summary>Whether special tokens lie before the patches of their frame or behind them.</summary>
    public TextPlace SpecialPlace { get; init; } = TextPlace.Before;

    /// <summary>Tokens that lie on the grid, over all frames.</summary>
    public long Patches => (long)Frames * Height * Width;

    /// <summary>Image tokens over all frames, special ones included.</summary>
    public long Tokens => (long)Frames * ((Height * Width) + SpecialPerFrame);

    /// <summary>The layout a level below in a UNet: half as many tokens per row and per column, rounded down; frames and text as they are.</summary>
    public TokenLayout Halved() => this with { Height = Height / 2, Width = Width / 2 };
}
