using System.Globalization;

namespace Acceleration;

/// <summary>What both forms of GRAT share: the sides of a group.</summary>
public abstract record Grat : SparseAttention
{
    /// <summary>Frames of a group, in videos; null for the published 4.</summary>
    public int? GroupFrames { get; init => field = Require.AtLeast(1, value); }

    /// <summary>Rows of a group; null for the published 16 in images and 8 in videos.</summary>
    public int? GroupHeight { get; init => field = Require.AtLeast(1, value); }

    /// <summary>Columns of a group; null for the published 16 in images and 8 in videos.</summary>
    public int? GroupWidth { get; init => field = Require.AtLeast(1, value); }

    internal string CommonTag => string.Create(
        CultureInfo.InvariantCulture,
        $"{Part("f", GroupFrames)}{Part("h", GroupHeight)}{Part("c", GroupWidth)}{(Warmup == 0 ? "" : $"w{Warmup}")}{(DenseBlocks == 0 ? "" : $"b{DenseBlocks}")}{(DenseAbove == 1 ? "" : $"n{DenseAbove}")}{Part("x", Crossover)}");

    internal GroupSize Size(TokenLayout layout)
    {
        var published = layout.Frames > 1 ? GroupSize.Video : GroupSize.Image;
        return new(GroupFrames ?? published.Frames, GroupHeight ?? published.Height, GroupWidth ?? published.Width);
    }

    private static string Part(string key, int? value) => value is { } v ? string.Create(CultureInfo.InvariantCulture, $"{key}{v}") : "";
}
