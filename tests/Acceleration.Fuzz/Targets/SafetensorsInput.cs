using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Acceleration.Fuzz;

/// <summary>A safetensors file taken apart, so that its header can be changed and the rest made to fit again, or not.</summary>
internal sealed class SafetensorsInput
{
    private const int LengthBytes = 8;
    private static readonly JsonMutator Header = new(["__metadata__", "dtype", "shape", "data_offsets", "F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL", "F8_E4M3", "a", "b", "0", "config", "run_store"]);
    private readonly JsonTree _json;
    private readonly byte[] _data;

    public SafetensorsInput(byte[] file)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        _json = JsonTree.Parse(Encoding.UTF8.GetString(file, LengthBytes, length));
        _data = file[(LengthBytes + length)..];
    }

    /// <summary>A changed file.</summary>
    /// <param name="random">Random numbers.</param>
    /// <param name="other">Where parts may come from.</param>
    public byte[] Changed(Random random, SafetensorsInput other)
    {
        var (json, data) = (_json.Copy(), _data);
        if (!random.OneIn(6))
        {
            Header.Change(random, json, other._json);
        }

        if (random.OneIn(3))
        {
            data = Fitted(json, data);
        }

        var file = Joined(random, Encoding.UTF8.GetBytes(json.ToString()), data);
        return random.OneIn(3) ? ByteMutator.Damage(random, file, random.OneIn(3) ? file.Length : file.Length - data.Length) : file;
    }

    /// <summary>The file with another text in its metadata.</summary>
    public byte[] With(string key, string text, Random random)
    {
        var json = _json.Copy();
        json.Member("__metadata__")!.Member(key)!.Become(JsonTree.Written(JsonSerializer.Serialize(text)));
        return Joined(random, Encoding.UTF8.GetBytes(json.ToString()), _data, lies: false);
    }

    private static byte[] Joined(Random random, byte[] json, byte[] data, bool lies = true)
    {
        var length = new byte[LengthBytes];
        var stated = !lies || !random.OneIn(25) ? json.Length : random.Of([0L, 1, json.Length - 1, json.Length + 1, json.Length + data.Length, 100_000_000, 100_000_001, long.MaxValue, -1, 1L << 32]);
        BinaryPrimitives.WriteInt64LittleEndian(length, stated);
        return [.. length, .. json, .. data];
    }

    /// <summary>Gives every tensor the bytes its shape asks for, one after another, as long as that is little.</summary>
    private static byte[] Fitted(JsonTree json, byte[] data)
    {
        const long most = 1 << 16;
        long end = 0;
        foreach (var (_, tensor) in json.Members)
        {
            if (tensor.Member("shape") is not { } shape || tensor.Member("data_offsets") is not { } offsets || SizeOf(tensor.Member("dtype")?.Raw) is not { } bytes)
            {
                continue;
            }

            foreach (var (_, size) in shape.Members)
            {
                if (!long.TryParse(size.Raw, out var number) || number < 0 || number > most || (bytes *= number) > most)
                {
                    return data;
                }
            }

            offsets.Become(JsonTree.Parse(FormattableString.Invariant($"[{end},{end + bytes}]")));
            end += bytes;
        }

        var fitted = new byte[end];
        data.AsSpan(0, (int)Math.Min(end, data.Length)).CopyTo(fitted);
        return fitted;
    }

    private static long? SizeOf(string? dtype) => dtype?.Trim('"') switch
    {
        "F64" or "I64" => 8,
        "F32" or "I32" => 4,
        "F16" or "BF16" or "I16" => 2,
        "I8" or "U8" or "BOOL" => 1,
        _ => null,
    };
}
