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
        var real = call.AddedOf(rows).to(ScalarType.Float32).flatten(1);
        var made = _forecast.Make(at, rows).to(ScalarType.Float32).flatten(1);

        // A forecast from one entry is that entry; from more it is a sum of its own, to be changed in place.
        var error = rows.Any(r => _forecast.Depth(at.Key(), r) > 1) ? made.Increase(real, -1) : made - real;
        return error.norm(1) / real.norm(1);
    }

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) =>
        (store.Scalar(call.Key(MeasuredWhenRun.InARow), row) ?? 0) < verified.Min ? 0 : measured[0];

    public void Computed(in WhenCall call, RowSet rows, Value input, Value output) => _forecast.Observe(Of(call, rows), rows, call.AddedOf(rows));

    private const string Name = "verified";

    private static HowCall Of(in WhenCall call, RowSet rows) => new(call.At, Name) { Input = call.InputOf(rows) };
}
