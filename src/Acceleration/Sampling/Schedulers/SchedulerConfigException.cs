namespace Acceleration;

/// <summary>A <c>scheduler_config.json</c> that cannot be followed: the message names the file where there is one, the key, what it says, and what would be right.</summary>
public sealed class SchedulerConfigException : Exception
{
    private readonly string _reason;

    /// <summary>Creates the exception.</summary>
    /// <param name="key">The key at fault, or null when the file as a whole is.</param>
    /// <param name="reason">What is wrong and what would be right.</param>
    /// <param name="inner">The error underneath, if any.</param>
    public SchedulerConfigException(string? key, string reason, Exception? inner = null)
        : this(null, key, reason, inner)
    {
    }

    private SchedulerConfigException(string? file, string? key, string reason, Exception? inner)
        : base($"{file ?? "Scheduler config"}{(key is null ? "" : $", '{PlanException.Shorten(key)}'")}: {reason}", inner) => (File, Key, _reason) = (file, key, reason);

    /// <summary>The file, or null where the text came without one.</summary>
    public string? File { get; }

    /// <summary>The key at fault, or null when the file as a whole is.</summary>
    public string? Key { get; }

    /// <summary>The same, in a file.</summary>
    internal SchedulerConfigException In(string file) => new(file, Key, _reason, this);
}
