namespace Acceleration;

/// <summary>What the residual of a range of blocks is taken against.</summary>
public enum ResidualInput
{
    /// <summary>The input of the range.</summary>
    Range,

    /// <summary>The input of the chain, so that blocks before the range are made up anew although they ran.</summary>
    Chain,
}
