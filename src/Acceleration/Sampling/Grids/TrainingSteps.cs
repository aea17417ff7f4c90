namespace Acceleration;

/// <summary>The noise table that grids of training steps need.</summary>
internal static class TrainingSteps
{
    /// <exception cref="InvalidOperationException">The network has none.</exception>
    public static NoiseTable Of(DenoiserInfo network) => network.Noise ?? throw new InvalidOperationException(
        network.Clock == NetworkClock.TrainingStep
            ? $"{network.Name} predicts {network.Prediction} and says no {nameof(DenoiserInfo.Noise)}, which these noise levels are read from: give it the table it was trained with, for example {nameof(NoiseTable)}.{nameof(NoiseTable.Make)}({nameof(BetaSchedule)}.{nameof(BetaSchedule.Linear)}), or use the published scheduler, which has one."
            : $"{network.Name} {(network.Clock == NetworkClock.Flow ? "is a flow network" : $"predicts {network.Prediction}")} and has no training steps: use {ClockCheck.Solvers(network.Clock)}.");
}
