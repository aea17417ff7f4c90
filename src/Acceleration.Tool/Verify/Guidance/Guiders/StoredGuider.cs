namespace Acceleration.Tool;

/// <summary>A class of guiders of the reference. A new one is an entry in <see cref="StoredGuiders"/>.</summary>
/// <param name="Class">Its name there.</param>
/// <param name="Read">What its settings are here. It asks for every setting; one that it leaves out is refused by name.</param>
internal sealed record StoredGuider(string Class, Func<GuiderSettings, StoredGuidance> Read)
{
    /// <summary>Reads all settings.</summary>
    /// <param name="config">The settings; missing ones have the reference's defaults.</param>
    /// <param name="size">Latent size of one sample, [channels, ...].</param>
    /// <exception cref="NotKnownException">A setting is not known; the message names it.</exception>
    public StoredGuidance Of(StoredConfig config, IReadOnlyList<long> size)
    {
        try
        {
            var read = Read(new(config, size));
            config.RequireAllRead();
            return read;
        }
        catch (ArgumentException e)
        {
            throw new NotKnownException($"{Class} cannot be rebuilt: {e.Message}", e);
        }
    }
}
