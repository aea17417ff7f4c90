namespace Acceleration;

/// <summary>Numbers from a least one on.</summary>
public sealed class AtLeastAttribute : RangeAttribute
{
    /// <param name="least">The smallest allowed number.</param>
    public AtLeastAttribute(double least) => Least = least;
}
