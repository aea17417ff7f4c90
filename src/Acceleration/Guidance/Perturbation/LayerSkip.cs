namespace Acceleration;

/// <summary>Leaves a site out for the rows of a branch; all others run as they are.</summary>
internal static class LayerSkip
{
    public static Value Invoke(in SiteCall call, Value input, SiteNext next, int branch)
    {
        var own = call.Rows.Positions(r => r.Branch == branch);
        if (own.Length == 0)
        {
            return next.Invoke(input);
        }

        if (own.Length == call.Rows.Count)
        {
            return next.Drop(input);
        }

        var others = call.Rows.Except(own);
        return call.Rows.Merge(others, next.InvokeRows(input, others), own, next.DropRows(input, own));
    }

    /// <summary>Why a site cannot be left out, or null.</summary>
    public static string? Refuse(Site site) =>
        site.Kind is SiteKind.Prediction or SiteKind.Network or SiteKind.Chain ? $"'{site}' is not a layer; select blocks, attention or feed-forward parts."
        : site.IsBranch || site.Traits.HasFlag(SiteTraits.ShapePreserving) ? null
        : $"'{site}' changes the shape of its input, so it cannot be left out.";
}
