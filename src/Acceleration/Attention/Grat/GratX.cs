namespace Acceleration;

/// <summary>
/// GRAT-X (Ren et al., "Grouping First, Attending Smartly", 2025, arXiv 2505.14687): the tokens of a group attend to the groups in its row and its column; in a video, to the three planes of
/// groups through it.
/// </summary>
[Entry("gratX", "GX")]
public sealed record GratX : Grat
{
    /// <inheritdoc/>
    public override IAttentionPattern Pattern(TokenLayout layout) => new AxisGroups(Size(layout));
}
