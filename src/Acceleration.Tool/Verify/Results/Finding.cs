namespace Acceleration.Tool;

/// <summary>One thing that was compared, at the place where it was worst.</summary>
/// <param name="What">What was compared, for example <c>trajectory</c>.</param>
/// <param name="Where">Where it was worst, for example <c>step 3</c>; empty where there is one place only.</param>
/// <param name="Error">The error; a number of entries where only equality will do.</param>
/// <param name="Tolerance">The largest error that holds; 0 where only equality will do.</param>
internal sealed record Finding(string What, string Where, double Error, double Tolerance)
{
    /// <summary>Whether it is within its tolerance; an error that is no number is not.</summary>
    public bool Holds => Error <= Tolerance;

    /// <summary>The error as a share of the tolerance; infinite where equality is violated.</summary>
    public double Share => Error == 0 ? 0 : Tolerance == 0 || double.IsNaN(Error) ? double.PositiveInfinity : Error / Tolerance;

    /// <inheritdoc/>
    public override string ToString() => Where.Length == 0 ? What : $"{What}, {Where}";
}
