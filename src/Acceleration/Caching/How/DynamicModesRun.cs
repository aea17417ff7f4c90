using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Weighted sums of snapshots, whose weights follow from their inner products: these are read back once for each computed step, when the first forecast needs them.</summary>
internal sealed class DynamicModesRun(DynamicModes modes, RunStore store) : IHowRun
{
    // Follow from what is remembered, and are found again where they are missing.
    private readonly Dictionary<(StoreKey Key, RowId Row), (double Newest, double[,] Products)> _products = [];
    private readonly Polynomial _few = new(modes.Order);

    public int Depth(StoreKey key, RowId row) => store.Depth(key, row);

    public void Observe(in HowCall call, RowSet rows, Tensor kept)
    {
        store.Push(call.Key(), rows, kept, call.Step.Index, modes.Snapshots);
        foreach (var row in rows)
        {
            _products.Remove((call.Key(), row));
        }
    }

    public Tensor Make(in HowCall call, RowSet rows)
    {
        var (key, made) = (call.Key(), call);

        // Rows computed less often have fewer snapshots.
        return rows.Grouped(r => store.Depth(key, r), (some, depth) => Make(made, some, depth));
    }

    private Tensor Make(in HowCall call, RowSet rows, int depth)
    {
        var key = call.Key();
        var entries = Enumerable.Range(0, depth).Select(age => store.Get(key, rows, age)).ToArray();
        var nodes = Enumerable.Range(0, rows.Count).Select(row => Array.ConvertAll(entries, e => e.At[row])).ToArray();
        if (nodes.Any(n => Even(n) >= DynamicModes.Fewest))
        {
            Find(call, rows, entries);
        }

        var weights = Array.ConvertAll(entries, _ => new double[rows.Count]);
        for (var row = 0; row < rows.Count; row++)
        {
            var of = Weights(nodes[row], call.Step.Index, (key, rows[row]));
            for (var age = 0; age < of.Length; age++)
            {
                weights[age][row] = of[age];
            }
        }

        var alike = weights.All(w => Array.TrueForAll(w, x => x == w[0]));
        return WeightedSum.Of([.. entries.Select(e => e.Value)], alike ? Array.ConvertAll(weights, w => w[..1]) : weights).to(entries[0].Value.dtype);
    }

    /// <summary>Weights of a row's entries, newest first.</summary>
    private double[] Weights(double[] nodes, double target, (StoreKey, RowId) row)
    {
        var even = Even(nodes);
        if (even >= DynamicModes.Fewest)
        {
            // From the oldest to the newest.
            var products = new double[even, even];
            for (var i = 0; i < even; i++)
            {
                for (var j = 0; j < even; j++)
                {
                    products[i, j] = _products[row].Products[even - 1 - i, even - 1 - j];
                }
            }

            if (ModeWeights.Of(products, (target - nodes[0]) / (nodes[0] - nodes[1]), modes.Grows) is { } weights)
            {
                return [.. weights.Reverse()];
            }
        }

        return _few.Weights(nodes.AsSpan(0, Math.Min(nodes.Length, _few.Depth)), target);
    }

    /// <summary>How many of the newest snapshots lie evenly.</summary>
    private static int Even(double[] nodes)
    {
        var count = Math.Min(2, nodes.Length);
        while (count > 1 && count < nodes.Length && nodes[count - 1] - nodes[count] == nodes[0] - nodes[1])
        {
            count++;
        }

        return count;
    }

    /// <summary>Inner products of all pairs of entries of each row, newest first, in float64: read as two numbers of float32 each.</summary>
    private void Find(in HowCall call, RowSet rows, Remembered[] entries)
    {
        var key = call.Key();
        if (rows.Select((row, i) => _products.TryGetValue((key, row), out var known) && known.Newest == entries[0].At[i]).All(known => known))
        {
            return;
        }

        using var scope = NewDisposeScope();
        var flat = stack([.. entries.Select(e => e.Value.reshape(rows.Count, -1))], 1).to(ScalarType.Float64);
        var products = flat.matmul(flat.transpose(1, 2));
        var high = products.to(ScalarType.Float32);
        var read = call.At.Read(stack([high, (products - high.to(ScalarType.Float64)).to(ScalarType.Float32)], 0).flatten());
        var n = entries.Length;
        for (var row = 0; row < rows.Count; row++)
        {
            var of = new double[n, n];
            for (var i = 0; i < n * n; i++)
            {
                var at = (row * n * n) + i;
                of[i / n, i % n] = (double)read[at] + read[at + (rows.Count * n * n)];
            }

            _products[(key, rows[row])] = (entries[0].At[row], of);
        }
    }
}
