namespace Acceleration.Models;

/// <summary>How a policy was trained: published configurations keep it beside the network's own keys or do not say it at all.</summary>
internal sealed record PolicyTraining(NoiseTable Noise, PredictionType Prediction)
{
    private const int UsualSteps = 100;
    private const int MostSteps = 1 << 20;

    /// <summary>Reads the keys of a scheduler; where they are missing, what diffusion policies are usually trained with: 100 steps, squaredcos_cap_v2, noise predicted.</summary>
    public static PolicyTraining Of(CheckpointConfig config)
    {
        var schedule = config.Expect("beta_schedule", "squaredcos_cap_v2", "linear", "scaled_linear") switch
        {
            { } word when string.Equals(word, "linear", StringComparison.OrdinalIgnoreCase) => BetaSchedule.Linear,
            { } word when string.Equals(word, "scaled_linear", StringComparison.OrdinalIgnoreCase) => BetaSchedule.ScaledLinear,
            _ => BetaSchedule.SquaredCosCapV2,
        };
        var prediction = string.Equals(config.Expect("prediction_type", "epsilon", "sample"), "sample", StringComparison.OrdinalIgnoreCase) ? PredictionType.Sample : PredictionType.Epsilon;
        var (start, end, steps) = (config.Positive("beta_start", 1e-4), config.Positive("beta_end", 0.02), config.Integer("num_train_timesteps", 1, MostSteps, UsualSteps));
        try
        {
            return new(NoiseTable.Make(schedule, start, end, steps), prediction);
        }
        catch (ArgumentException e)
        {
            throw config.Misfit($"beta_start and beta_end make no noise levels: {e.Message.Split(" (Parameter")[0]}", e);
        }
    }
}
