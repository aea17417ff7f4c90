namespace Acceleration;

/// <summary>A <c>scheduler_config.json</c> that cannot be followed: the message names the key, what it says, and what would be right.</summary>
public sealed class SchedulerConfigException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="key">The key at fault, or null when the file as a whole is.</param>
    /// <param name="reason">What is wrong and what would be right.</param>
    /// <param name="inner">The error underneath, if any.</param>
    public SchedulerConfigException(string? key, string reason, Exception? inner = null)
        : base(key is null ? $"Scheduler config: {reason}" : $"Scheduler config, '{PlanException.Shorten(key)}': {reason}", inner) => Key = key;

    /// <summary>The key at fault, or null when the file as a whole is.</summary>
    public string? Key { get; }
}
