using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A hash over all tensors of a session file: a flipped bit would go on as another picture.</summary>
internal static class SessionSum
{
    // A span cannot be longer than 2 GB; a tensor can.
    private const int AtOnce = 1 << 24;

    /// <param name="tensors">In any order.</param>
    public static string Of(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in tensors.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{name} {value.dtype} {string.Join(',', value.shape)}\n")));
            using var copy = HostReads.Copy(value);
            using var flat = copy.view(-1);
            for (long first = 0, count = flat.numel(); first < count; first += AtOnce)
            {
                using var part = flat.narrow(0, first, Math.Min(AtOnce, count - first));
                hash.AppendData(part.bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
