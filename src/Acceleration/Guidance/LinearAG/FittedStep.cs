namespace Acceleration;

/// <summary>The result of a fit.</summary>
/// <param name="Weights">The weights.</param>
/// <param name="Rms">Root of the mean squared error over all elements of all trajectories.</param>
/// <param name="Relative">The same as a part of the predictions' own root mean square.</param>
public sealed record FittedStep(EstimatedStep Weights, double Rms, double Relative);
