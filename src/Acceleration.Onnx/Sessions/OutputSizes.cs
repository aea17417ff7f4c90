using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>Sizes of a graph's outputs for each choice of sizes of its inputs, and of what else they follow from, as the first such call found them.</summary>
internal sealed class OutputSizes
{
    private const int Most = 256;
    private readonly ConcurrentDictionary<Key, long[][]> _known = new();

    public long[][]? Of(ReadOnlySpan<Tensor> inputs, IReadOnlyList<long> picture) => _known.GetValueOrDefault(Key.Of(inputs, picture));

    public void Add(ReadOnlySpan<Tensor> inputs, IReadOnlyList<long> picture, long[][] outputs)
    {
        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        _known[Key.Of(inputs, picture)] = outputs;
    }

    /// <summary>All sizes of all inputs, mixed into 128 bits: equal ones for equal sizes, others for all others that ever meet.</summary>
    private readonly record struct Key(ulong High, ulong Low)
    {
        public static Key Of(ReadOnlySpan<Tensor> inputs, IReadOnlyList<long> picture)
        {
            ulong high = 14695981039346656037, low = 1099511628211;
            for (var i = 0; i < picture.Count; i++)
            {
                Mix((ulong)picture[i]);
            }

            foreach (var x in inputs)
            {
                Mix((ulong)x.ndim + 0x9E3779B97F4A7C15);
                for (var i = 0; i < x.ndim; i++)
                {
                    Mix((ulong)x.size(i));
                }
            }

            return new(high, low);

            void Mix(ulong value)
            {
                high = Math.BigMul(high ^ value, 0x9FB21C651E98DF25, out var rest) ^ rest ^ (high >> 29);
                low = ((low ^ value) * 1099511628211) + 0x2545F4914F6CDD1D;
            }
        }
    }
}
