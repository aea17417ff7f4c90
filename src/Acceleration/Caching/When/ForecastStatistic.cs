using static TorchSharp.torch;

namespace Acceleration;

/// <summary>‖f̂ − f‖ / ‖f‖ of what the first blocks add, f, and its forecast over the computed steps, f̂.</summary>
internal sealed class ForecastStatistic(ForecastError verified, RunStore store) : IStatistic
{
    private readonly ForecastRun _forecast = new(new(Quantity.Output, new Polynomial(verified.Order), Abscissa.Step), store);

    public bool Knows(in WhenCall call, RowId row) => _forecast.Depth(call.Key(Name), row) > 0;

    public Tensor Measure(in WhenCall call, RowSet rows)
    {
        var at = Of(call, rows);
        var real = call.AddedOf(rows, verified.Stride).to(ScalarType.Float32).flatten(1);
        var made = _forecast.Make(at, rows).to(ScalarType.Float32).flatten(1);

        // A forecast from one entry is that entry; from more it is a sum of its own, to be changed in place.
        var error = rows.Any(r => _forecast.Depth(at.Key(), r) > 1) ? made.Increase(real, -1) : made - real;
        return error.norm(1) / real.norm(1);
    }

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured)
    {
        var inARow = store.Scalar(call.Key(MeasuredWhenRun.InARow), row) ?? 0;
        return verified.Published ? ErrorBefore(call, row, inARow, measured[0]) : inARow < verified.Min ? 0 : measured[0];
    }

    public void Computed(in WhenCall call, RowSet rows, Value input, Value output)
    {
        _forecast.Observe(Of(call, rows), rows, call.AddedOf(rows, verified.Stride));
        if (verified.Published)
        {
            store.SetScalars(call.Key(Last), rows, 0);
        }
    }

    private const string Name = "verified";
    private const string Last = "error";

    /// <summary>The error of the forecast before, and this one's for the next step: the first one behind a computed step is not verified.</summary>
    private float ErrorBefore(in WhenCall call, RowId row, double inARow, float error)
    {
        var before = store.Scalar(call.Key(Last), row) ?? 0;
        store.SetScalar(call.Key(Last), row, inARow >= Math.Max(verified.Min, 1) ? error : 0);
        return !float.IsFinite(error) || (inARow > 0 && call.Step.Index < verified.Warmup) ? float.NaN : (float)before;
    }

    private static HowCall Of(in WhenCall call, RowSet rows) => new(call.At, Name) { Input = call.InputOf(rows) };
}
