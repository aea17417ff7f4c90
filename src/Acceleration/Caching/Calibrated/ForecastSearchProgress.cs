namespace Acceleration;

/// <summary>How far a search for evaluated steps is.</summary>
/// <param name="Tried">Lists of steps that have been tried.</param>
/// <param name="Tries">How many may be.</param>
/// <param name="Steps">The best one so far.</param>
/// <param name="Decibels">What it keeps: <see cref="ForecastFit.Decibels"/>.</param>
public readonly record struct ForecastSearchProgress(int Tried, int Tries, IReadOnlyList<ForecastStep> Steps, double Decibels);
