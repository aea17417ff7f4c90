namespace Acceleration;

/// <summary>What a strategy may assume about a site.</summary>
[Flags]
public enum SiteTraits
{
    /// <summary>Nothing beyond working row by row.</summary>
    None = 0,

    /// <summary>Output has the input's shape, so that residuals make sense.</summary>
    ShapePreserving = 1,

    /// <summary>Tokens are treated one by one: the body may run on some of them.</summary>
    TokenWise = 2,

    /// <summary>The output is taken after the adaLN gate; without this trait, before it.</summary>
    AfterGate = 4,

    /// <summary>Tokens mix but each keeps its place: a token method may reduce before and expand after.</summary>
    TokenMixing = 8,

    /// <summary>The attention within is computed elsewhere, by another runtime's graph: it can be skipped or run on some rows, but strategies on the attention itself, or on some of the tokens, are refused.</summary>
    Opaque = 16,
}
