using Microsoft.Win32.SafeHandles;

namespace Acceleration;

/// <summary>Reads of a known length: a file that has shrunk is an error, where a mapping would end the process.</summary>
internal static class ReadAt
{
    /// <summary>Opens a file, and nothing that only looks like one.</summary>
    /// <exception cref="CheckpointException">It is a pipe, a socket or a device, or no path.</exception>
    /// <exception cref="IOException">It is missing or unreadable.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SafeFileHandle Open(string path, FileShare share)
    {
        if (path.Contains('\0'))
        {
            throw new CheckpointException(path, null, "a path has no NUL character in it.");
        }

        return SpecialFile.KindOf(path) is { } kind
            ? throw new CheckpointException(path, null, $"this is {kind}; a checkpoint is a regular file.")
            : File.OpenHandle(path, FileMode.Open, FileAccess.Read, share);
    }

    /// <summary>Fills a buffer from an offset on.</summary>
    /// <exception cref="CheckpointException">The file ends before, or cannot be read.</exception>
    public static void Exactly(SafeFileHandle handle, Span<byte> buffer, long offset, string file, string? tensor)
    {
        while (!buffer.IsEmpty)
        {
            int read;
            try
            {
                read = RandomAccess.Read(handle, buffer, offset);
            }
            catch (IOException error)
            {
                throw new CheckpointException(file, tensor, $"the file cannot be read: {error.Message}", error);
            }

            if (read == 0)
            {
                throw new CheckpointException(file, tensor, $"the file ends at byte {offset} now: it has become shorter since it was opened.");
            }

            buffer = buffer[read..];
            offset += read;
        }
    }

    /// <summary>A whole small file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">Bytes it may have.</param>
    /// <param name="what">What it should be, for the message about a larger one.</param>
    /// <exception cref="CheckpointException">It is missing, unreadable or larger.</exception>
    public static byte[] Whole(string path, int most, string what)
    {
        try
        {
            using var handle = Open(path, FileShare.Read);
            var length = RandomAccess.GetLength(handle);
            if (length > most)
            {
                throw new CheckpointException(path, null, $"the file has {length} bytes; {what} has {most} at most.");
            }

            var bytes = new byte[length];
            Exactly(handle, bytes, 0, path, null);
            return bytes;
        }
        catch (Exception error) when (error is not CheckpointException && error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw CheckpointException.Unreadable(path, error);
        }
    }
}
