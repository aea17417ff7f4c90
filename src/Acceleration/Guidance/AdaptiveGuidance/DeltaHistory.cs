using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The last differences c − u of each sample, and the polynomial that continues them over time.</summary>
/// <param name="store">Where they lie.</param>
/// <param name="order">Order of the polynomial; 0 repeats the last difference.</param>
internal sealed class DeltaHistory(RunStore store, int order)
{
    private static readonly StoreKey Delta = new("delta");
    private readonly Polynomial _polynomial = new(order);

    public bool IsEmpty(RowId row) => store.Depth(Delta, row) == 0;

    public void Push(double time, RowSet rows, Tensor delta) => store.Push(Delta, rows, delta, time, keep: order + 1);

    /// <summary>The difference at a time, [rows, ...]. Each row is continued from what it has itself, whatever its neighbours have.</summary>
    public Tensor At(double time, RowSet rows)
    {
        var depths = rows.GroupBy(r => Math.Min(store.Depth(Delta, r), order + 1)).ToArray();
        if (depths.Length == 1)
        {
            return At(time, rows, depths[0].Key);
        }

        var grouped = new RowSet([.. depths.SelectMany(d => d)]);
        var values = cat([.. depths.Select(d => At(time, new([.. d]), d.Key))], 0);
        return grouped.Take(values, [.. rows.Select(grouped.IndexOf)]);
    }

    private Tensor At(double time, RowSet rows, int depth)
    {
        Remembered[] entries = [.. Enumerable.Range(0, depth).Select(age => store.Get(Delta, rows, age))];
        if (depth == 1)
        {
            return entries[0].Value;
        }

        var weights = Enumerable.Range(0, rows.Count).Select(row => Weights([.. entries.Select(e => e.At[row])], time)).ToArray();
        return entries.Select((e, age) => e.Value * PerRow([.. weights.Select(w => (float)w[age])], e.Value)).Aggregate((sum, term) => sum.Plus(term));
    }

    /// <summary>Rounded timesteps may repeat: of two entries at one time the newer counts.</summary>
    private double[] Weights(double[] times, double time)
    {
        int[] used = [.. Enumerable.Range(0, times.Length).Where(i => Array.IndexOf(times, times[i]) == i)];
        var weights = new double[times.Length];
        foreach (var (i, weight) in used.Zip(_polynomial.Weights(Array.ConvertAll(used, i => times[i]), time)))
        {
            weights[i] = weight;
        }

        return weights;
    }

    private static Tensor PerRow(float[] values, Tensor like) => tensor(values, like.dtype, like.device).view([values.Length, .. Enumerable.Repeat(1L, (int)like.ndim - 1)]);
}
