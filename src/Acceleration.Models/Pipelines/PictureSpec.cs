namespace Acceleration.Models;

/// <summary>A picture that a network is conditioned on.</summary>
/// <param name="Role">What it is to the network.</param>
public sealed record PictureSpec(PictureRole Role)
{
    /// <summary>Whether the network works without it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>1 for masks, 3 for colours.</summary>
    public int Channels => Role == PictureRole.Mask ? 1 : 3;

    /// <inheritdoc/>
    public override string ToString() => (Role switch
    {
        PictureRole.Picture => "a picture",
        PictureRole.Mask => "a mask",
        PictureRole.Control => "a control picture",
        PictureRole.FirstFrame => "a first frame",
        _ => "a last frame",
    }) + (IsOptional ? " (optional)" : "");
}
