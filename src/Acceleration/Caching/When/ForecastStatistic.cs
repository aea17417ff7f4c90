using static TorchSharp.torch;

namespace Acceleration;

/// <summary>‖f̂ − f‖ / ‖f‖ of what the first blocks add, f, and its forecast over the computed steps, f̂.</summary>
internal sealed class ForecastStatistic(ForecastError verified, RunStore store) : IStatistic
{
    private readonly ForecastRun _forecast = new(new(Quantity.Output, new Polynomial(verified.Order), Abscissa.Step), store);

    public bool Knows(in WhenCall call, RowId row) => _forecast.Depth(call.Key(Name), row) > 0;

    public Tensor Measure(in WhenCall call, RowSet rows)
    {
        var real = Added(call, rows).to(ScalarType.Float32).flatten(1);
        var error = _forecast.Make(Of(call, rows), rows).to(ScalarType.Float32).flatten(1) - real;
        return error.norm(1) / real.norm(1);
    }

    public float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured) =>
        (store.Scalar(call.Key(MeasuredWhenRun.InARow), row) ?? 0) < verified.Min ? 0 : measured[0];

    public void Computed(in WhenCall call, RowSet rows, Value input, Value output) => _forecast.Observe(Of(call, rows), rows, Added(call, rows));

    private const string Name = "verified";

    private static HowCall Of(in WhenCall call, RowSet rows) => new(call.At, Name) { Input = call.InputOf(rows) };

    private static Tensor Added(in WhenCall call, RowSet rows) => call.ProbeOf(rows) - call.InputOf(rows);
}
