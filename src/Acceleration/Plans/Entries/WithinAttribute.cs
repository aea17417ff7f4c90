namespace Acceleration;

/// <summary>Numbers between two ends, which are allowed unless said otherwise.</summary>
public sealed class WithinAttribute : RangeAttribute
{
    /// <param name="least">Lower end.</param>
    /// <param name="most">Upper end.</param>
    public WithinAttribute(double least, double most) => (Least, Most) = (least, most);
}
