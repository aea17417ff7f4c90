using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded T5 or UMT5 encoder.</summary>
internal sealed record T5Network(T5Config Config, Embedding Tokens, IReadOnlyList<T5Block> Blocks, RmsNorm OutputNorm, ScalarType Residual) : IDisposable
{
    /// <summary>The bucket of every pair of query and key, int64 [tokens·tokens].</summary>
    public LayoutTables<int> Buckets { get; } = new(tokens =>
    {
        var buckets = new long[(2 * tokens) - 1];
        for (var i = 0; i < buckets.Length; i++)
        {
            buckets[i] = RelativeBuckets.Of(i - (tokens - 1), bidirectional: true, Config.Buckets, Config.Farthest);
        }

        var pairs = new long[(long)tokens * tokens];
        for (var query = 0; query < tokens; query++)
        {
            Array.Copy(buckets, tokens - 1 - query, pairs, (long)query * tokens, tokens);
        }

        return tensor(pairs, ScalarType.Int64, Tokens.Table.device);
    });

    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    public void Dispose()
    {
        Tensors?.Dispose();
        Buckets.Dispose();
    }
}
