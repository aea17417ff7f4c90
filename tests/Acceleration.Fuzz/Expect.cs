namespace Acceleration.Fuzz;

/// <summary>Turns the exceptions that are promised for hostile input into outcomes; all others pass.</summary>
internal static class Expect
{
    public const string Read = "read";

    public static string Checkpoint(string file, Action body)
    {
        try
        {
            body();
            return Read;
        }
        catch (CheckpointException e)
        {
            Message(e.Message);
            return e.File.Length > 0 && e.Message.Contains(e.File, StringComparison.Ordinal)
                ? nameof(CheckpointException)
                : throw new FuzzException($"The message does not name the file {file}: {e.Message}", e);
        }
    }

    /// <summary>That a message can be shown: hostile names are as long as their file.</summary>
    public static void Message(string message)
    {
        const int longest = 4000;
        if (message.Length > longest)
        {
            throw new FuzzException($"A message has {message.Length} characters: {message[..200]}...");
        }
    }
}
