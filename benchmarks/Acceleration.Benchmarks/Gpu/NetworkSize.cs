using System.Text.Json;

namespace Acceleration.Benchmarks;

/// <summary>The sizes of one network of random weights, as both sides build it.</summary>
/// <param name="Name">dit, flux or wan.</param>
/// <param name="Width">Channels of a token.</param>
/// <param name="Heads">Heads of attention.</param>
/// <param name="Hidden">Width inside a feed-forward part.</param>
/// <param name="Blocks">Blocks; of FLUX those of two streams.</param>
/// <param name="Single">Blocks of one stream after those, of FLUX alone.</param>
/// <param name="Tokens">Image tokens; of the DiT a square of a whole number.</param>
/// <param name="Text">Text tokens; 0 where there are none.</param>
/// <param name="Rows">Rows of a call.</param>
internal sealed record NetworkSize(string Name, int Width, int Heads, int Hidden, int Blocks, int Single, int Tokens, int Text, int Rows)
{
    public int HeadDim => Width / Heads;

    /// <summary>DiT-XL/2 at 512 pixels, FLUX.1 at 1024, Wan 2.1 1.3B at 480p and 81 frames: widths, heads, blocks and tokens of the published networks.</summary>
    public static IReadOnlyList<NetworkSize> Published { get; } =
    [
        new("dit", 1152, 16, 4608, 28, 0, 1024, 0, 2),
        new("flux", 3072, 24, 12288, 19, 38, 4096, 512, 1),
        new("wan", 1536, 12, 8960, 30, 0, 21 * 30 * 52, 512, 1),
    ];

    /// <summary>The same networks so small that any machine runs them: for the proof that both sides compute the same.</summary>
    public static IReadOnlyList<NetworkSize> Tiny { get; } =
    [
        new("dit", 64, 2, 256, 2, 0, 16, 0, 2),
        new("flux", 64, 2, 256, 2, 2, 24, 5, 1),
        new("wan", 64, 2, 160, 2, 0, 24, 5, 1),
    ];

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public override string ToString() => $"{Name}: {(Single > 0 ? $"{Blocks} + {Single}" : Blocks)} blocks, width {Width}, {Tokens}{(Text > 0 ? $" + {Text}" : "")} tokens, {Rows} rows";
}
