namespace Acceleration;

/// <summary>The noise table that grids of training steps need.</summary>
internal static class TrainingSteps
{
    public static NoiseTable Of(DenoiserInfo network) =>
        network.Noise ?? throw new InvalidOperationException($"{network.Name} is a flow network without a noise table: use .FlowEuler(steps) instead.");
}
