namespace Acceleration;

/// <summary>Order of the strategies at one site, outermost first. Two strategies in one phase of one site are refused at build.</summary>
public enum HookPhase
{
    /// <summary>Compute, reuse or forecast. Sees the site's raw input, before norm and modulation.</summary>
    Cache,

    /// <summary>Run on fewer tokens. Sees the prepared (normalised and modulated) input.</summary>
    Tokens,

    /// <summary>Run piecewise to cap memory.</summary>
    Slice,

    /// <summary>What a guidance branch changes about the network: its own rows run otherwise, or not at all, all others as they are. Strategies of different branches may share a site.</summary>
    Branch,

    /// <summary>What a guidance branch changes about attention, seen from outside of <see cref="Attention"/>: whatever computes it is given the changed attention. Strategies of different branches may share a site.</summary>
    BranchAttention,

    /// <summary>How attention is computed.</summary>
    Attention,
}
