using System.Globalization;
using System.Text;

namespace Acceleration.Models;

/// <summary>Text as forms on web pages send it: <c>+</c> for a space, <c>%</c> and two hexadecimal digits for a byte of UTF-8.</summary>
internal static class PercentText
{
    /// <summary>Undoes it; what is no such byte stays as it is, and what is no UTF-8 becomes U+FFFD.</summary>
    public static string Decode(string text)
    {
        var spaced = text.Replace('+', ' ');
        if (!spaced.Contains('%', StringComparison.Ordinal))
        {
            return spaced;
        }

        var (result, bytes) = (new StringBuilder(spaced.Length), new List<byte>());
        for (var i = 0; i < spaced.Length; i++)
        {
            if (!char.IsAscii(spaced[i]))
            {
                Flush();
                result.Append(spaced[i]);
            }
            else if (spaced[i] == '%' && i + 2 < spaced.Length && char.IsAsciiHexDigit(spaced[i + 1]) && char.IsAsciiHexDigit(spaced[i + 2]))
            {
                bytes.Add(byte.Parse(spaced.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.Add((byte)spaced[i]);
            }
        }

        Flush();
        return result.ToString();

        void Flush()
        {
            result.Append(Encoding.UTF8.GetString([.. bytes]));
            bytes.Clear();
        }
    }
}
