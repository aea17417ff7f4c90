namespace Acceleration.Tool;

/// <summary>A technique as a golden file configures it, as lines over the three lists.</summary>
internal sealed record StoredParts(string Name, params IReadOnlyList<Cached> Lines) : CacheMethod
{
    public override string Tag => Name;

    public override IReadOnlyList<Cached> Parts => Lines;
}
