using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Comparisons with a golden file of token merging; what the file does not hold is passed over.</summary>
internal sealed class TokenComparison(GoldenFile file, Findings found)
{
    private readonly double _tolerance = file.Number("recommended_atol");

    /// <summary>Checks the file's cases one by one.</summary>
    public void EachCase(Action<JsonElement> check, CancellationToken cancellation)
    {
        foreach (var json in file.Json("cases").EnumerateArray())
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            check(json);
        }
    }

    /// <summary>Equal within the file's tolerance.</summary>
    public void Near(string name, Func<Tensor> actual)
    {
        if (file.ReadOrNull(name) is { } expected)
        {
            found.Within("tokens", name, actual(), expected, _tolerance);
        }
    }

    /// <summary>Equal indices.</summary>
    public void Equal(string name, Tensor actual)
    {
        if (file.ReadOrNull(name) is { } expected)
        {
            Equal(name, actual, expected);
        }
    }

    /// <inheritdoc cref="Equal(string, Tensor)"/>
    public void Equal(string name, Tensor actual, Tensor expected) =>
        found.Equal("indices", name, Entries(actual), Entries(expected));

    /// <summary>What a case says of its own sizes.</summary>
    public void Shape(string name, Tensor metric, long[] stated) => found.Equal("sizes", name, metric.shape, stated);

    private static IEnumerable<long> Entries(Tensor t) => t.numel() == 0 ? t.shape : [.. t.shape, .. t.contiguous().data<long>().ToArray()];
}
