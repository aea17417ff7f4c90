namespace Acceleration;

/// <summary>One decision of <see cref="OperatorRoutes"/>: which form an operator takes for a class of shapes.</summary>
/// <param name="Operator">The operator, such as "matrix product".</param>
/// <param name="ShapeClass">What the decision holds for, or "every shape" where the route is pinned.</param>
/// <param name="Route">The route taken.</param>
/// <param name="Milliseconds">The shortest time of each route measured on the probe's slice, in ms; empty where the route is pinned.</param>
public sealed record RouteChoice(string Operator, string ShapeClass, string Route, IReadOnlyDictionary<string, double> Milliseconds);
