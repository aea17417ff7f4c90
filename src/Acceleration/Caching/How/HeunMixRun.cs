using static TorchSharp.torch;

namespace Acceleration;

/// <summary>F* + a·(F* − F*ₚ) + b·(F − Fₚ), with the last two computed values F* and the last two values F. In the first step behind a computed one F is F*, in the second Fₚ is: three tensors then.</summary>
internal sealed class HeunMixRun(HeunMix mix, RunStore store) : IHowRun
{
    private const string Last = ".last";
    private const string Step = ".step";
    private const string Made = ".made";

    public int Depth(StoreKey key, RowId row) => Math.Min(store.Depth(key, row), store.Depth(key with { Name = key.Name + Last }, row));

    public void Observe(in HowCall call, RowSet rows, Tensor kept)
    {
        store.Push(call.Key(), rows, kept, mix.Over.Of(call.Step), 2);
        store.Push(call.Key(Last), rows, kept, mix.Over.Of(call.Step), 2);
        store.SetScalars(call.Key(Step), rows, call.Step.Index);
        store.SetScalars(call.Key(Made), rows, 0);
    }

    public void ObserveMade(in HowCall call, RowSet rows, Tensor made)
    {
        store.Push(call.Key(Last), rows, made, mix.Over.Of(call.Step), 2);
        var count = call.Key(Made);
        foreach (var row in rows)
        {
            store.SetScalar(count, row, store.Scalar(count, row)!.Value + 1);
        }
    }

    public Tensor Make(in HowCall call, RowSet rows)
    {
        var (computed, last) = (call.Key(), call.Key(Last));
        var made = call;

        // Rows with one value repeat it.
        return rows.Grouped(r => store.Depth(computed, r) > 1 && store.Depth(last, r) > 1, (some, goesOn) => goesOn ? Mixed(made, some) : store.Get(computed, some).Value);
    }

    private Tensor Mixed(in HowCall call, RowSet rows)
    {
        Remembered[] entries = [store.Get(call.Key(), rows), store.Get(call.Key(), rows, 1), store.Get(call.Key(Last), rows), store.Get(call.Key(Last), rows, 1)];
        var weights = Weights(call, rows, entries);
        int[] taking = [.. Enumerable.Range(0, entries.Length).Where(e => Array.Exists(weights[e], w => w != 0))];
        var alike = weights.All(w => Array.TrueForAll(w, x => x == w[0]));
        return WeightedSum.OfMean([.. taking.Select(e => entries[e].Value)], [.. taking.Select(e => alike ? weights[e][..1] : weights[e])]).to(entries[0].Value.dtype);
    }

    /// <summary>For each entry the weights of all rows, which add up to 1; of two entries that are one tensor the second has none.</summary>
    private double[][] Weights(in HowCall call, RowSet rows, Remembered[] entries)
    {
        var target = mix.Over.Of(call.Step);
        var weights = Array.ConvertAll(entries, _ => new double[rows.Count]);
        var (step, made) = (store.Scalars(call.Key(Step))!, store.Scalars(call.Key(Made))!);
        for (var i = 0; i < rows.Count; i++)
        {
            var steps = call.Step.Index - (int)step[rows[i]];
            var distance = target - entries[0].At[i];
            var (a, b) = (mix.Factor(entries[0].At[i], entries[1].At[i], distance, steps), mix.Factor(entries[2].At[i], entries[3].At[i], distance, steps));
            (weights[0][i], weights[1][i], weights[2][i], weights[3][i]) = made[rows[i]] switch
            {
                0 => (1 + a + b, -a, 0, -b),
                1 => (1 + a - b, -a, b, 0),
                _ => (1 + a, -a, b, -b),
            };
        }

        return weights;
    }
}
