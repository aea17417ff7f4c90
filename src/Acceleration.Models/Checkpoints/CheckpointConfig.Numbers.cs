using System.Text.Json;

namespace Acceleration.Models;

public sealed partial class CheckpointConfig
{
    /// <summary>Finite numbers: a JSON array.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="mayBeNone">Whether an empty array is right.</param>
    /// <returns>The numbers; null where the key is missing.</returns>
    /// <exception cref="CheckpointException">They are something else.</exception>
    public IReadOnlyList<double>? Numbers(string key, bool mayBeNone = false)
    {
        if (Find(key) is not { } text)
        {
            return null;
        }

        try
        {
            if (text.StartsWith('[') && JsonSerializer.Deserialize<double[]>(text) is { } all && (mayBeNone || all.Length > 0) && Array.TrueForAll(all, double.IsFinite))
            {
                return all;
            }
        }
        catch (JsonException)
        {
            // Told below, with what would be right.
        }

        throw Wrong(key, text, "an array of finite numbers");
    }
}
