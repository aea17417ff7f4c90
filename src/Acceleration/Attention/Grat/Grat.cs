namespace Acceleration;

/// <summary>What both forms of GRAT share: the sides of a group.</summary>
public abstract record Grat : SparseAttention
{
    /// <summary>Frames of a group, in videos; null for the published 4.</summary>
    [InTag("f")]
    [AtLeast(1)]
    public int? GroupFrames { get; init => field = Require.AtLeast(1, value); }

    /// <summary>Rows of a group; null for the published 16 in images and 8 in videos.</summary>
    [InTag("h")]
    [AtLeast(1)]
    public int? GroupHeight { get; init => field = Require.AtLeast(1, value); }

    /// <summary>Columns of a group; null for the published 16 in images and 8 in videos.</summary>
    [InTag("c")]
    [AtLeast(1)]
    public int? GroupWidth { get; init => field = Require.AtLeast(1, value); }

    internal GroupSize Size(TokenLayout layout)
    {
        var published = layout.Frames > 1 ? GroupSize.Video : GroupSize.Image;
        return new(GroupFrames ?? published.Frames, GroupHeight ?? published.Height, GroupWidth ?? published.Width);
    }
}
