namespace Acceleration.Fuzz;

/// <summary>Damages bytes without knowing what they mean.</summary>
internal static class ByteMutator
{
    private static readonly byte[] Signs = "{}[]\":,0-9e.\\u "u8.ToArray();

    /// <summary>One damage.</summary>
    /// <param name="random">Random numbers.</param>
    /// <param name="bytes">The bytes, which stay as they are.</param>
    /// <param name="within">How many of the first bytes are damaged.</param>
    public static byte[] Damage(Random random, byte[] bytes, int within = int.MaxValue)
    {
        if (bytes.Length == 0)
        {
            return [(byte)random.Next(256)];
        }

        var at = random.Next(Math.Min(within, bytes.Length));
        var length = random.Next(1, Math.Min(17, bytes.Length - at + 1));
        switch (random.Next(7))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 3:
                return [.. bytes[..at], random.Of(Signs), .. bytes[at..]];
            case 4:
                return [.. bytes, .. new byte[random.Next(1, 65)]];
            default:
                byte[] flipped = [.. bytes];
                flipped[at] = random.OneIn(2) ? (byte)(flipped[at] ^ (1 << random.Next(8))) : random.Of(Signs);
                return flipped;
        }
    }
}
