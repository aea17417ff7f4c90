namespace Acceleration.Models;

/// <summary>What follows each residual block of a level.</summary>
internal enum UNetMixing
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Self-attention of pixels.</summary>
    Attention,

    /// <summary>Transformer blocks that attend to text too.</summary>
    Transformer,
}

/// <summary>One way through a level, down or up.</summary>
/// <param name="Mixing">What follows each residual block.</param>
/// <param name="ByResidual">Whether resolution changes inside a residual block instead of at a convolution.</param>
/// <param name="Heads">Heads of its attention.</param>
internal sealed record UNetStage(UNetMixing Mixing, bool ByResidual, int Heads)
{
    /// <summary>Width of the text that its transformer blocks attend to.</summary>
    public int TextWidth { get; init; }

    /// <summary>Whether what is self-attention elsewhere attends to the text too.</summary>
    public bool OnlyCross { get; init; }

    /// <summary>Whether its residual blocks take the time embedding without an activation in front.</summary>
    public bool RawTime { get; init; }

    /// <summary>What its residual blocks divide their output by.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Groups of the norm in front of pixel attention; null for no norm.</summary>
    public int? AttentionGroups { get; init; }

    /// <summary>Transformer blocks behind each residual block, or one number for all.</summary>
    public IReadOnlyList<int> Depths { get; init; } = [1];
}

/// <summary>One resolution.</summary>
/// <param name="Channels">Its channels.</param>
/// <param name="Layers">Residual blocks on the way down; there is one more on the way up.</param>
/// <param name="Down">The way down.</param>
/// <param name="Up">The way up.</param>
internal sealed record UNetLevel(int Channels, int Layers, UNetStage Down, UNetStage Up);
