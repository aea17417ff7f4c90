using static TorchSharp.torch;

namespace Acceleration;

/// <summary>k·|x − x'|/√(|v|·max(1.6·E, 10⁻⁶)) with E the running mean of the output's change, 0.8 of it and 0.2 of the newest.</summary>
internal sealed class ScaledStatistic(ScaledDrift when, RunStore store) : IStatistic
{
    private const string Rate = "k";
    private const string Trend = "trend";
    private const string Size = "size";
    private const string Input = "xFull";
    private const string Output = "vFull";
    private const string Previous = "xPrev";
    private const string Counted = "counted";

    private string Before => when.SinceComputed ? Input : Previous;

    public bool Knows(in WhenCall call, RowId row) => Has(call, Rate, row) && Has(call, Trend, row) && Has(call, Size, row) && Has(call, Before, row);

    public Tensor Measure(in WhenCall call, RowSet rows)
    {
        var moved = Change.MeanDifference(call.InputOf(rows), Of(call, Before, rows)) * Of(call, Rate, rows);
        return moved / (Of(call, Size, rows) * Of(call, Trend, rows).Times(1.6).AtLeast(1e-6)).sqrt();
    }

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured)
    {
        var inARow = store.Scalar(call.Key(MeasuredWhenRun.InARow), row) ?? 0;
        return (float)((when.Decay * before) + (measured[0] * (1 + (0.5 * inARow))));
    }

    public double Limit(in WhenCall call, RowId row, double limit) =>
        when.ByComputed ? when.LimitAt((store.Scalar(call.Key(Counted), row) ?? 0) / call.Step.Count) : limit;

    public void Decided(in WhenCall call, RowSet rows)
    {
        if (!when.SinceComputed)
        {
            store.Push(call.Key(Previous), rows, call.InputOf(rows));
        }
    }

    public void Computed(in WhenCall call, RowSet rows, Value input, Value output)
    {
        var (x, v) = (input.Main, output.Main.size(1) > input.Main.size(1) ? output.Main.narrow(1, 0, input.Main.size(1)) : output.Main);
        var (rate, trend, lastInput, lastOutput) = (call.Key(Rate), call.Key(Trend), call.Key(Input), call.Key(Output));
        Tensor? change = null;
        var known = store.Follow(rate, rows, [lastInput, lastOutput], some => (change = Moved(some, v, lastOutput)) / Moved(some, x, lastInput));
        if (change is not null)
        {
            // Rows without a mean begin one.
            store.Push(trend, known, known.Grouped(r => store.Depth(trend, r) > 0, (some, goesOn) =>
                goesOn ? store.Get(trend, some).Value.Times(0.8).Increase(known.Take(change, some), 0.2) : known.Take(change, some)));
        }

        store.Push(lastInput, rows, x);
        store.Push(lastOutput, rows, v);
        store.Push(call.Key(Size), rows, Change.MeanAbsolute(v));
        if (when.ByComputed && !when.Forces(call.Step))
        {
            Count(call.Key(Counted), rows);
        }

        Tensor Moved(RowSet some, Tensor now, StoreKey before) => Change.MeanDifference(rows.Take(now, some), store.Get(before, some).Value);
    }

    private void Count(StoreKey key, RowSet rows)
    {
        foreach (var row in rows)
        {
            store.SetScalar(key, row, (store.Scalar(key, row) ?? 0) + 1);
        }
    }

    private Tensor Of(in WhenCall call, string name, RowSet rows) => store.Get(call.Key(name), rows).Value;

    private bool Has(in WhenCall call, string name, RowId row) => store.Depth(call.Key(name), row) > 0;
}
