using Microsoft.Extensions.Options;

namespace Acceleration.Hosting;

/// <summary>Names every setting that is out of range, with its pool.</summary>
internal sealed class PoolSettingsCheck : IValidateOptions<PoolSettings>
{
    public ValidateOptionsResult Validate(string? name, PoolSettings options)
    {
        (string Setting, Action<PoolSettings> Set)[] settings =
        [
            (nameof(PoolSettings.Workers), s => _ = new SamplerPoolOptions { Workers = s.Workers }),
            (nameof(PoolSettings.Capacity), s => _ = new SamplerPoolOptions { Capacity = s.Capacity }),
            (nameof(PoolSettings.MaxBatchSamples), s => _ = new SamplerPoolOptions { MaxBatchSamples = s.MaxBatchSamples }),
            (nameof(PoolSettings.GatherFor), s => _ = new SamplerPoolOptions { GatherFor = s.GatherFor }),
        ];
        var wrong = settings.Select(s => Wrong($"pool '{name}', {s.Setting}", () => s.Set(options))).OfType<string>().ToArray();
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static string? Wrong(string what, Action set)
    {
        try
        {
            set();
            return null;
        }
        catch (ArgumentOutOfRangeException e)
        {
            return $"{what}: {e.Message.ReplaceLineEndings(" ")}";
        }
    }
}
