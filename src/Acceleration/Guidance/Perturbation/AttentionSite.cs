namespace Acceleration;

/// <summary>Where a branch can change attention itself.</summary>
internal static class AttentionSite
{
    /// <summary>Why attention cannot be changed at a site, or null.</summary>
    public static string? Refuse(Site site) =>
        site.Kind is not (SiteKind.SelfAttention or SiteKind.TemporalAttention) ? $"'{site}' is no self-attention."
        : site.Traits.HasFlag(SiteTraits.AfterGate) ? $"'{site}' lies around an attention; select the attention inside of it ('attention')."
        : null;
}
