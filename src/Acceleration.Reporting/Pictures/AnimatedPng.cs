using System.Buffers.Binary;
using System.IO.Hashing;

namespace Acceleration.Reporting;

/// <summary>Films as animated PNG, which browsers and most viewers play; others show the first frame. Lossless, from frames that SkiaSharp has encoded.</summary>
public static class AnimatedPng
{
    private const int SignatureBytes = 8;
    private const int HeaderBytes = 13;
    private const short DelayUnit = 1000;

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file; its directory is made where missing.</param>
    /// <param name="frames">At least one, all of one size.</param>
    /// <param name="framesPerSecond">Frames per second, above 0 and at most 1000.</param>
    /// <exception cref="ArgumentException">There is no frame, or they differ in size.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<PictureGrid> frames, double framesPerSecond = 8) => WholeFile.Write(path, Encode(frames, framesPerSecond));

    /// <summary>The bytes of a file.</summary>
    /// <inheritdoc cref="Write"/>
    public static byte[] Encode(IReadOnlyList<PictureGrid> frames, double framesPerSecond = 8)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count == 0 || frames.Any(f => f.Width != frames[0].Width || f.Height != frames[0].Height))
        {
            throw new ArgumentException(frames.Count == 0 ? "A film has at least one frame." : "The frames of a film have one size.", nameof(frames));
        }

        if (framesPerSecond is not (> 0 and <= DelayUnit))
        {
            throw new ArgumentOutOfRangeException(nameof(framesPerSecond), framesPerSecond, "Frames per second are above 0 and at most 1000.");
        }

        using var file = new MemoryStream();
        var sequence = 0;
        for (var i = 0; i < frames.Count; i++)
        {
            var png = PngWriter.Encode(frames[i]);
            if (i == 0)
            {
                // Signature and header of the first frame serve the whole film.
                file.Write(png, 0, SignatureBytes + 12 + HeaderBytes);
                Chunk(file, "acTL", [.. Number(frames.Count), .. Number(0)]);
            }

            Chunk(file, "fcTL", Control(sequence++, frames[i], framesPerSecond));
            foreach (var data in DataOf(png))
            {
                if (i == 0)
                {
                    Chunk(file, "IDAT", data);
                }
                else
                {
                    Chunk(file, "fdAT", [.. Number(sequence++), .. data]);
                }
            }
        }

        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Whole frames that take each other's place.</summary>
    private static byte[] Control(int sequence, PictureGrid frame, double framesPerSecond)
    {
        var delay = new byte[4];
        BinaryPrimitives.WriteInt16BigEndian(delay, (short)Math.Clamp(Math.Round(DelayUnit / framesPerSecond), 1, short.MaxValue));
        BinaryPrimitives.WriteInt16BigEndian(delay.AsSpan(2), DelayUnit);
        return [.. Number(sequence), .. Number(frame.Width), .. Number(frame.Height), .. Number(0), .. Number(0), .. delay, 0, 0];
    }

    private static IEnumerable<byte[]> DataOf(byte[] png)
    {
        for (var at = SignatureBytes; at + 12 <= png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                yield return png[(at + 8)..(at + 8 + length)];
            }

            at += 12 + length;
        }
    }

    private static void Chunk(MemoryStream file, string type, byte[] data)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        file.Write(Number(data.Length));
        file.Write(body);
        file.Write(Number(unchecked((int)Crc32.HashToUInt32(body))));
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
