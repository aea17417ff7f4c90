namespace Acceleration.Tool;

/// <summary>Exceptions as one line for people.</summary>
internal static class ErrorLine
{
    private const int Longest = 3000;

    public static string Of(Exception e) => e switch
    {
        TypeInitializationException { InnerException: { } inner } => Of(inner),
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => $"TorchSharp's native part cannot be loaded: {Single(e.Message)} Run 'acceleration doctor'.",
        UnauthorizedAccessException => $"{Single(e.Message)} Choose a place that may be written.",
        ToolException or IOException or ArgumentException or InvalidOperationException or FormatException or SamplingException => Single(OnnxArguments.Said(Plain(e))),
        _ => $"{Single(e.Message)} ({e.GetType().Name}; --verbose shows where).",
    };

    /// <summary>Without the name of a parameter that only the code knows.</summary>
    private static string Plain(Exception e) => e is ArgumentException { ParamName: { } name } ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;

    /// <summary>A message without line breaks, and without the stack that native errors carry.</summary>
    public static string Single(string message)
    {
        var line = Printable.Of(Joined(message));
        return line.Length <= Longest ? line : line[..Longest] + "...";
    }

    private static string Joined(string message) =>
        string.Join(' ', message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeWhile(l => !l.StartsWith("at ", StringComparison.Ordinal) && !l.StartsWith("Exception raised from", StringComparison.Ordinal)));
}
