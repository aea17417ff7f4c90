using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Acceleration.Tool;

/// <summary>12 hexadecimal digits by which two commands can be told apart.</summary>
internal static class RequestHash
{
    public static string Of(params object[] parts)
    {
        var text = string.Join('|', parts.Select(p => p is long[] numbers ? string.Join(',', numbers) : Convert.ToString(p, CultureInfo.InvariantCulture)));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }
}
