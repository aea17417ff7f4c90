namespace Acceleration;

/// <summary>Numbers above a limit that is not allowed itself.</summary>
public sealed class AboveAttribute : RangeAttribute
{
    /// <param name="limit">The limit.</param>
    public AboveAttribute(double limit) => (Least, OpenBelow) = (limit, true);
}
