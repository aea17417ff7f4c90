using System.Text;

namespace Acceleration;

/// <summary>Text within tags: letters, digits and - . = @ _ ~ as they are, every other byte of UTF-8 as %XX, so that a shell needs no quotes. A lone % is empty text.</summary>
internal static class TagText
{
    public const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.=@_~";

    /// <summary>The word for no value, and for the plan that says nothing.</summary>
    public const string None = "none";

    private const string Empty = "%";

    public static string Escape(string text)
    {
        if (text.Length == 0)
        {
            return Empty;
        }

        var escaped = new StringBuilder();
        // The word for no value must not be read where text only begins like it.
        var hidden = text.StartsWith(None, StringComparison.Ordinal);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            _ = Plain.Contains((char)b) && !(hidden && escaped.Length == 0) ? escaped.Append((char)b) : escaped.Append(FormattableString.Invariant($"%{b:X2}"));
        }

        return escaped.ToString();
    }

    /// <summary>The text again, or null where a percent sign is not followed by two hexadecimal digits.</summary>
    public static string? Unescape(ReadOnlySpan<char> escaped)
    {
        if (escaped is Empty)
        {
            return "";
        }

        var bytes = new List<byte>(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '%')
            {
                bytes.Add((byte)escaped[i]);
            }
            else if (i + 2 < escaped.Length && char.IsAsciiHexDigit(escaped[i + 1]) && char.IsAsciiHexDigit(escaped[i + 2]))
            {
                bytes.Add(Convert.FromHexString(escaped.Slice(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
