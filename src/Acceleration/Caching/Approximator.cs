using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Remembers outputs (or residuals) of computed calls and makes an approximation of the next from them: a weighted sum, member by
/// member, whose weights are the forecast's.
/// </summary>
internal sealed class Approximator(IHow how, RunStore store)
{
    private static readonly string[] Members = ["main", "text"];

    public bool CanApproximate(in SiteCall call, RowId row, string part) => Depth(call, row, part) >= how.Forecast.AtLeast;

    public void Observe(in SiteCall call, RowSet rows, Value input, Value output, string part)
    {
        var kept = how.Quantity == Quantity.Residual ? output.Zip(Beside(input, output.Text is not null), Residual) : output;
        var at = how.Abscissa.Of(call.Step);
        store.Push(Key(call, 0, part), rows, kept.Main, at, how.Forecast.Depth);
        if (kept.Text is not null)
        {
            store.Push(Key(call, 1, part), rows, kept.Text, at, how.Forecast.Depth);
            foreach (var row in rows)
            {
                store.SetScalar(Key(call, 1, part), row, 1);
            }
        }
    }

    public Value Approximate(in SiteCall call, Value input, RowSet rows, string part)
    {
        var main = Forecast(call, 0, rows, part);
        var hasText = HasText(call, rows[0], part);
        var made = new Value(main, hasText ? Forecast(call, 1, rows, part) : null);
        return how.Quantity == Quantity.Residual ? Beside(input, hasText).Zip(made, Applied) : made;
    }

    /// <summary>The prediction site turns one latent into two predictions where re-noising has its own: both are seen against that latent.</summary>
    private static Value Beside(Value input, bool outputHasText) => outputHasText && input.Text is null ? new(input.Main, input.Main) : input;

    /// <summary>A number of its own: the tensor may have been given back.</summary>
    private bool HasText(in SiteCall call, RowId row, string part) => store.Scalar(Key(call, 1, part), row) is not null;

    /// <summary>Entries that all members have.</summary>
    private int Depth(in SiteCall call, RowId row, string part)
    {
        var main = store.Depth(Key(call, 0, part), row);
        return HasText(call, row, part) ? Math.Min(main, store.Depth(Key(call, 1, part), row)) : main;
    }

    private static StoreKey Key(in SiteCall call, int member, string part) => call.Key(Members[member] + part);

    /// <summary>output − input on the channels both have: learned variance has more outputs than inputs, whose tail is kept as it is.</summary>
    private static Tensor Residual(Tensor output, Tensor input) =>
        output.size(1) == input.size(1) || output.ndim < 4 ? output - input
        : cat([output.narrow(1, 0, input.size(1)) - input, output.narrow(1, input.size(1), output.size(1) - input.size(1))], 1);

    private static Tensor Applied(Tensor input, Tensor residual) =>
        residual.size(1) == input.size(1) || residual.ndim < 4 ? input.Plus(residual)
        : cat([residual.narrow(1, 0, input.size(1)).Plus(input), residual.narrow(1, input.size(1), residual.size(1) - input.size(1))], 1);

    private Tensor Forecast(in SiteCall call, int member, RowSet rows, string part)
    {
        var key = Key(call, member, part);
        var target = how.Abscissa.Of(call.Step);
        var groups = rows.GroupBy(r => Math.Min(how.Forecast.Depth, store.Depth(key, r))).ToArray();
        if (groups.Length == 1)
        {
            return Forecast(key, rows, groups[0].Key, target);
        }

        // Rows computed less often have a lower order: each is continued as if it were alone.
        var order = new RowSet([.. groups.SelectMany(g => g)]);
        var parts = Array.ConvertAll(groups, g => Forecast(key, new([.. g]), g.Key, target));
        return order.Take(cat(parts, 0), [.. rows.Select(order.IndexOf)]);
    }

    private Tensor Forecast(StoreKey key, RowSet rows, int depth, double target)
    {
        var entries = Enumerable.Range(0, depth).Select(age => store.Get(key, rows, age)).ToArray();
        var weights = Weights(entries, rows.Count, target);
        if (depth == 1 && Array.TrueForAll(weights[0], w => w == 1))
        {
            return entries[0].Value;
        }

        Tensor? sum = null;
        for (var age = 0; age < depth; age++)
        {
            sum = Accumulate(sum, Wide(entries[age].Value), weights[age]);
        }

        return sum!.to(entries[0].Value.dtype);
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

    /// <summary>Weights that half precision rounds no longer add up to 1.</summary>
    private static Tensor Wide(Tensor t) => t.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? t.to(ScalarType.Float32) : t;

    private static Tensor Accumulate(Tensor? sum, Tensor value, double[] weights)
    {
        if (weights.Length == 1)
        {
            return sum is null ? value.Times(weights[0]) : sum.Increase(value, weights[0]);
        }

        var shape = Enumerable.Repeat(1L, (int)value.ndim).ToArray();
        shape[0] = weights.Length;
        var fold = value.size(0) / weights.Length;
        var perRow = tensor(Array.ConvertAll(weights, w => (float)w), value.dtype, value.device).view(shape);
        using var scaled = value * (fold == 1 ? perRow : perRow.repeat_interleave(fold, 0));
        return sum is null ? scaled.alias() : sum.Increase(scaled);
    }
}
