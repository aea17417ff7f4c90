namespace Acceleration;

/// <summary>A measured choice, as a saved session keeps it: another form of an operator would continue it with other roundings.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Class">The class of shapes, as the table of this operator numbers them.</param>
/// <param name="Route">The form taken.</param>
internal sealed record SavedRoute(string Operator, ulong Class, string Route);
