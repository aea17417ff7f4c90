using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Two forecasts, one for each band, in float32 or float64.</summary>
internal sealed class FrequencySplitRun(FrequencySplit split, RunStore store) : IHowRun
{
    private const string LowBand = "/low";
    private const string HighBand = "/high";
    private const string TypeOf = "/type";
    private readonly ForecastRun _low = new(new How(split.Quantity, new Polynomial(split.LowOrder), split.Over), store);
    private readonly ForecastRun _high = new(new How(split.Quantity, new Polynomial(split.HighOrder), split.Over), store);

    public int Depth(StoreKey key, RowId row)
    {
        var high = _high.Depth(Named(key, HighBand), row);
        return HasLow(key, row) ? Math.Min(high, _low.Depth(Named(key, LowBand), row)) : high;
    }

    public void Observe(in HowCall call, RowSet rows, Tensor kept)
    {
        using var scope = NewDisposeScope();
        var wide = kept.dtype == ScalarType.Float64 ? kept : kept.to(ScalarType.Float32);
        var low = GridBand.Low(wide, call.At.Layout);
        if (low is not null)
        {
            _low.Observe(call with { Name = call.Name + LowBand }, rows, low);
        }

        _high.Observe(call with { Name = call.Name + HighBand }, rows, low is null ? wide : wide - low);
        foreach (var row in rows)
        {
            store.SetScalar(call.Key(TypeOf), row, (int)kept.dtype);
            store.SetScalar(call.Key(HighBand), row, 1);
            store.SetScalar(call.Key(LowBand), row, low is null ? double.NaN : 1);
        }
    }

    public Tensor Make(in HowCall call, RowSet rows)
    {
        using var scope = NewDisposeScope();
        var high = Grown(call, HighBand, split.HighAt(call.Step), rows, _high);
        var made = HasLow(call.Key(), rows[0]) ? Grown(call, LowBand, split.LowAt(call.Step), rows, _low).Plus(high) : high;
        return made.to((ScalarType)(int)store.Scalar(call.Key(TypeOf), rows[0])!.Value).alias().MoveToOuterDisposeScope();
    }

    private static StoreKey Named(StoreKey key, string band) => key with { Name = key.Name + band };

    private bool HasLow(StoreKey key, RowId row) => store.Scalar(Named(key, LowBand), row) is { } factor && !double.IsNaN(factor);

    /// <summary>A band with its factor, which each row has for itself: they may have been computed in different steps.</summary>
    private Tensor Grown(in HowCall call, string band, double factor, RowSet rows, ForecastRun forecast)
    {
        var key = call.Key(band);
        var factors = new double[rows.Count];
        for (var i = 0; i < factors.Length; i++)
        {
            factors[i] = split.Compounding ? factor * (store.Scalar(key, rows[i]) ?? 1) : factor;
            store.SetScalar(key, rows[i], factors[i]);
        }

        var value = forecast.Make(call with { Name = call.Name + band }, rows);
        if (Array.TrueForAll(factors, f => f == factors[0]))
        {
            return value.Times(factors[0]);
        }

        var perRow = tensor(factors).to(value.dtype).to(value.device);
        var fold = value.size(0) / rows.Count;
        return value * (fold == 1 ? perRow : perRow.repeat_interleave(fold, 0)).view([value.size(0), .. Enumerable.Repeat(1L, (int)value.ndim - 1)]);
    }
}
