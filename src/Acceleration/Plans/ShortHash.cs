using System.Security.Cryptography;
using System.Text;

namespace Acceleration;

/// <summary>The first 12 hexadecimal digits of SHA-256: enough to tell apart whatever one person compares.</summary>
internal static class ShortHash
{
    private const int Digits = 12;

    public static string Of(string text) => Of(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static string Of(ReadOnlySpan<byte> sha256) => Convert.ToHexStringLower(sha256)[..Digits];
}
