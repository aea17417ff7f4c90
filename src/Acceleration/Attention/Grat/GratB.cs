namespace Acceleration;

/// <summary>
/// GRAT-B (Ren et al., "Grouping First, Attending Smartly", 2025, arXiv 2505.14687): the tokens of a group attend to the groups around theirs. Its receptive field is hard: what lies beyond is
/// not seen at all, so that a global layout may be lost; <see cref="GratX"/> keeps it.
/// </summary>
/// <param name="Reach">b: how many groups away along each axis, at least 0. Published: 1.</param>
[Entry("gratB", "GB")]
public sealed record GratB(int Reach = 1) : Grat
{
    /// <summary>How many groups away along each axis.</summary>
    [InTag]
    [AtLeast(0)]
    public int Reach { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Reach);

    /// <inheritdoc/>
    public override IAttentionPattern Pattern(TokenLayout layout) => new NeighbourGroups(Size(layout), Reach);
}
