namespace Acceleration.Reporting;

/// <summary>A question and the curves that answer it.</summary>
/// <param name="Title">The question, short.</param>
/// <param name="XTitle">What <see cref="CurvePoint.X"/> is.</param>
/// <param name="IsLogarithmic">Whether equal ratios of X are drawn equally far apart; X is above 0 then.</param>
/// <param name="Reference">What the pictures are compared with: its label, evaluations, Fréchet distance and tag.</param>
/// <param name="Curves">The curves.</param>
/// <param name="Findings">What follows from the numbers, a sentence each.</param>
public sealed record CurveSection(string Title, string XTitle, bool IsLogarithmic, CurvePoint Reference, IReadOnlyList<Curve> Curves, IReadOnlyList<string> Findings);
