using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Remembers what was computed and continues it: a weighted sum whose weights are the forecast's.</summary>
internal sealed class ForecastRun(How how, RunStore store) : IDifferenceRun
{
    public int Depth(StoreKey key, RowId row) => store.Depth(key, row) is var depth && depth >= how.Forecast.AtLeast ? depth : 0;

    public void Observe(in HowCall call, RowSet rows, Tensor kept) => store.Push(call.Key(), rows, kept, how.Abscissa.Of(call.Step), how.Forecast.Depth);

    public void Observe(in HowCall call, RowSet rows, Tensor output, Tensor input) => store.PushDifference(call.Key(), rows, output, input, how.Abscissa.Of(call.Step), how.Forecast.Depth);

    public void ObserveMade(in HowCall call, RowSet rows, Tensor made)
    {
        if (how.Chained)
        {
            Observe(call, rows, made);
        }
    }

    public Tensor Make(in HowCall call, RowSet rows)
    {
        var key = call.Key();
        var target = how.Abscissa.Of(call.Step);

        // Rows computed less often have a lower order.
        return store.CommonDepth(key, rows) is { } common
            ? Forecast(key, rows, Math.Min(how.Forecast.Depth, common), target)
            : rows.Grouped(r => Math.Min(how.Forecast.Depth, store.Depth(key, r)), (some, depth) => Forecast(key, some, depth, target));
    }

    private Tensor Forecast(StoreKey key, RowSet rows, int depth, double target)
    {
        var entries = Enumerable.Range(0, depth).Select(age => store.Get(key, rows, age)).ToArray();
        var weights = Weights(entries, rows.Count, target);
        return depth == 1 && Array.TrueForAll(weights[0], w => w == 1) ? entries[0].Value : WeightedSum.Of([.. entries.Select(e => e.Value)], weights).to(entries[0].Value.dtype);
    }

    /// <summary>For each age the weights of all rows: one number where they agree.</summary>
    private double[][] Weights(Remembered[] entries, int rows, double target)
    {
        var uniform = entries.All(e => e.Shared is not null);
        var count = uniform ? 1 : rows;
        var weights = Array.ConvertAll(entries, _ => new double[count]);
        for (var row = 0; row < count; row++)
        {
            var nodes = Array.ConvertAll(entries, e => e.At[row]);
            var different = Different(nodes);
            var w = different < how.Forecast.AtLeast ? [1] : how.Forecast.Weights(nodes.AsSpan(0, different), target);
            for (var age = 0; age < w.Length; age++)
            {
                weights[age][row] = w[age];
            }
        }

        return weights;
    }

    /// <summary>How many of the newest nodes differ: solvers that ask twice at one time leave two entries there.</summary>
    private static int Different(double[] nodes)
    {
        var count = 1;
        while (count < nodes.Length && Array.IndexOf(nodes, nodes[count], 0, count) < 0)
        {
            count++;
        }

        return count;
    }
}
