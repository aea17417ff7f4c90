using static TorchSharp.torch;

namespace Acceleration;

/// <summary>F* + a·(F* − F*ₚ) + b·(F − Fₚ), with the last two computed values F* and the last two values F.</summary>
internal sealed class HeunMixRun(HeunMix mix, RunStore store) : IHowRun
{
    private const string Last = ".last";
    private const string Step = ".step";

    public int Depth(StoreKey key, RowId row) => Math.Min(store.Depth(key, row), store.Depth(key with { Name = key.Name + Last }, row));

    public void Observe(in HowCall call, RowSet rows, Tensor kept)
    {
        store.Push(call.Key(), rows, kept, mix.Over.Of(call.Step), 2);
        ObserveMade(call, rows, kept);
        foreach (var row in rows)
        {
            store.SetScalar(call.Key(Step), row, call.Step.Index);
        }
    }

    public void ObserveMade(in HowCall call, RowSet rows, Tensor made) => store.Push(call.Key(Last), rows, made, mix.Over.Of(call.Step), 2);

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
        var target = mix.Over.Of(call.Step);
        var weights = Array.ConvertAll(entries, _ => new double[rows.Count]);
        for (var i = 0; i < rows.Count; i++)
        {
            var steps = call.Step.Index - (int)store.Scalar(call.Key(Step), rows[i])!.Value;
            var distance = target - entries[0].At[i];
            var (a, b) = (mix.Factor(entries[0].At[i], entries[1].At[i], distance, steps), mix.Factor(entries[2].At[i], entries[3].At[i], distance, steps));
            (weights[0][i], weights[1][i], weights[2][i], weights[3][i]) = (1 + a, -a, b, -b);
        }

        var alike = weights.All(w => Array.TrueForAll(w, x => x == w[0]));
        return WeightedSum.Of([.. entries.Select(e => e.Value)], alike ? Array.ConvertAll(weights, w => w[..1]) : weights).to(entries[0].Value.dtype);
    }
}
