using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Acceleration.Models;

/// <summary>The files of a tokenizer, read with bounds. A file may be gzipped, with <c>.gz</c> behind its name.</summary>
internal sealed class TokenizerFiles
{
    public const string Json = "tokenizer.json";
    private const int MostBytes = 1 << 27;
    private const int MostOfMessage = 200;

    private readonly string _folder;
    private readonly string? _only;

    /// <param name="path">A folder, or one file, which then is the only one.</param>
    /// <exception cref="CheckpointException">There is nothing.</exception>
    public TokenizerFiles(string path)
    {
        if (Directory.Exists(path))
        {
            _folder = path;
        }
        else
        {
            if (!File.Exists(path))
            {
                throw new CheckpointException(path, null, "there is no such folder of a tokenizer.");
            }

            (_folder, _only) = (Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
        }
    }

    public bool Has(string name) => Find(name) is not null;

    /// <summary>What the path of a file would be, for messages.</summary>
    public string PathOf(string name) => Find(name) ?? Path.Combine(_folder, name);

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="CheckpointException">It is missing, cannot be read, or is larger than such a file can be.</exception>
    public byte[] Bytes(string name)
    {
        var path = Find(name) ?? throw new CheckpointException(Path.Combine(_folder, name), null, "the file does not exist.");
        if (SpecialFile.KindOf(path) is { } kind)
        {
            throw new CheckpointException(path, null, $"this is {kind}; a tokenizer's file is a regular one.");
        }

        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MostBytes)
            {
                throw TooLarge(path);
            }

            using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var bytes = new MemoryStream();
            var part = new byte[1 << 16];
            for (int read; (read = content.Read(part)) > 0;)
            {
                bytes.Write(part, 0, read);
                if (bytes.Length > MostBytes)
                {
                    throw TooLarge(path);
                }
            }

            return bytes.ToArray();
        }
        catch (Exception e) when (e is not CheckpointException && e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CheckpointException(path, null, $"the file cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The text of a file.</summary>
    /// <exception cref="CheckpointException">As for its bytes, or it is no UTF-8.</exception>
    public string Text(string name)
    {
        var bytes = Bytes(name).AsSpan();
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
        }
        catch (ArgumentException e)
        {
            throw new CheckpointException(PathOf(name), null, "the file is no UTF-8 text.", e);
        }
    }

    /// <summary>The JSON object in a file; null where there is no file.</summary>
    /// <exception cref="CheckpointException">The file cannot be read, or is no JSON object.</exception>
    public ModelJson? Object(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        try
        {
            var root = PythonJson.Parse(Text(name));
            return root.ValueKind == JsonValueKind.Object
                ? new(PathOf(name), root)
                : throw new CheckpointException(PathOf(name), null, "the file holds no JSON object.");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(PathOf(name), null, $"the file is no JSON: {(e.Message.Length > MostOfMessage ? e.Message[..MostOfMessage] : e.Message)}", e);
        }
    }

    private static CheckpointException TooLarge(string path) => new(path, null, $"the file has more than {MostBytes} bytes; no tokenizer's has so many.");

    private string? Find(string name)
    {
        if (_only is not null)
        {
            return name == Json ? Path.Combine(_folder, _only) : null;
        }

        var path = Path.Combine(_folder, name);
        return File.Exists(path) ? path : File.Exists(path + ".gz") ? path + ".gz" : null;
    }
}
