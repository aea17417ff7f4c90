namespace Acceleration;

/// <summary>
/// A checkpoint that cannot be read: missing, malformed, truncated, or without the tensor that was asked for.
/// The message names the file, the tensor where one is concerned, and the reason.
/// </summary>
public sealed class CheckpointException : IOException
{
    private const int LongestShownName = 120;
    private const int LongestReason = 2000;

    /// <summary>Creates the exception for a file and, where one is concerned, a tensor in it.</summary>
    /// <param name="file">Path of the checkpoint.</param>
    /// <param name="tensorName">Name of the tensor at fault, or null when the file as a whole is.</param>
    /// <param name="reason">What is wrong and what would be right.</param>
    /// <param name="inner">The error underneath, if any.</param>
    public CheckpointException(string file, string? tensorName, string reason, Exception? inner = null)
        : base(Describe(file, tensorName, reason), inner)
    {
        File = file;
        TensorName = tensorName;
    }

    /// <summary>Path of the checkpoint.</summary>
    public string File { get; }

    /// <summary>Name of the tensor at fault, or null when the file as a whole is.</summary>
    public string? TensorName { get; }

    /// <summary>A file that the system does not let us read.</summary>
    internal static CheckpointException Unreadable(string file, Exception error) => error is FileNotFoundException or DirectoryNotFoundException
        ? new(file, null, "the file does not exist.", error)
        : new(file, null, $"the file cannot be read: {error.Message}", error);

    /// <summary>A tensor that is not there.</summary>
    internal static CheckpointException Missing(string file, string tensorName, IReadOnlyList<string> names)
    {
        var nearest = NearestName.Of(tensorName, names);
        return new(file, tensorName, $"the file has no such tensor among its {names.Count}{(nearest is null ? "." : $"; the nearest name is '{Shorten(nearest)}'.")}");
    }

    // Names come from the file, so a hostile one could be as long as the header.
    internal static string Shorten(string name) => Shorten(name, LongestShownName);

    private static string Shorten(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most), "...");

    private static string Describe(string file, string? tensorName, string reason) =>
        $"Checkpoint '{file}'{(tensorName is null ? "" : $", tensor '{Shorten(tensorName)}'")}: {Shorten(reason, LongestReason)}";
}
