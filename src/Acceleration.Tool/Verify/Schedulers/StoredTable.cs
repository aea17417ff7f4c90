using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>The training noise levels in a scheduler's settings, whatever its class does with them.</summary>
internal static class StoredTable
{
    private static readonly string[] Own = ["beta_start", "beta_end", "beta_schedule", "trained_betas", "num_train_timesteps", "rescale_betas_zero_snr"];

    /// <exception cref="NotKnownException">A setting of theirs is not known.</exception>
    public static NoiseTable Of(StoredConfig config)
    {
        var settings = config.Json.EnumerateObject().Where(p => Own.Contains(p.Name)).ToDictionary(p => p.Name, p => p.Value);
        config.Ignore(Own);
        try
        {
            // The class that has every shape of table.
            return Scheduler.FromConfig(JsonSerializer.SerializeToElement(settings), "DDPMScheduler").Noise!;
        }
        catch (SchedulerConfigException e)
        {
            throw new NotKnownException(e.Message, e);
        }
    }
}
