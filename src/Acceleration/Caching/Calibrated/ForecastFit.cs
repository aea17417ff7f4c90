namespace Acceleration;

/// <summary>A fitted forecast, and how well it keeps the trajectories it was fitted to.</summary>
/// <param name="Forecast">The strategy.</param>
/// <param name="Steps">The steps in which it evaluates.</param>
/// <param name="Decibels">Mean over the trajectories of 10·log₁₀(mean square of the final latents ÷ mean square of their error).</param>
public sealed record ForecastFit(FittedForecast Forecast, IReadOnlyList<ForecastStep> Steps, double Decibels);
