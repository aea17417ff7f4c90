namespace Acceleration.Models;

/// <summary>How the patches of an axis share the coordinates of training when there are more or fewer of them.</summary>
public enum PositionRule
{
    /// <summary>Patch k of n lies at k·trained/n: the first patches coincide.</summary>
    Corners,

    /// <summary>Patch k of n lies at (k + ½)·trained/n − ½: the centres of the pictures coincide.</summary>
    Centres,
}
