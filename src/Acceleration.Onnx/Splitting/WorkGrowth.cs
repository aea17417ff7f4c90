namespace Acceleration.Onnx;

/// <summary>A way in which work grows with what a call is given.</summary>
/// <param name="Amount">How much of it a call has, for each row.</param>
/// <param name="Cost">What one unit of it costs.</param>
internal sealed record WorkGrowth(Func<ProbedCall, double> Amount, Func<double, CostModel> Cost)
{
    private const double Rounding = 1e-9;

    // What is simpler comes first, since several fit where calls do not differ: with one size of pictures all but the text is constant.
    private static readonly WorkGrowth[] All =
    [
        new(_ => 1, w => new(w)),
        new(Tokens, w => new(0, w)),
        new(Text, w => default(CostModel) with { PerText = w }),
        new(Joint, w => new(0, w) { PerText = w }),
        new(c => Tokens(c) * Tokens(c), w => new(0, 0, w)),
        new(c => Tokens(c) * Text(c), w => default(CostModel) with { PerTextToken = w }),
        new(c => Joint(c) * Joint(c), w => new(0, 0, w) { PerTextToken = 2 * w, PerTextPair = w }),
        new(c => Text(c) * Text(c), w => default(CostModel) with { PerTextPair = w }),
        new(c => Tokens(c) * Tokens(c) / c.Layout.Frames, w => default(CostModel) with { PerFramePair = w }),
        new(c => Tokens(c) * c.Layout.Frames, w => default(CostModel) with { PerPlacePair = w }),
    ];

    /// <summary>The cost of one row that explains best how work differs between calls. What does not grow with the rows, such as tables of positions, is counted for each of them.</summary>
    /// <param name="work">Work of all rows, for each call.</param>
    /// <param name="calls">The calls.</param>
    public static CostModel Of(IReadOnlyList<double> work, IReadOnlyList<ProbedCall> calls)
    {
        var best = (Off: double.PositiveInfinity, Cost: default(CostModel));
        foreach (var growth in All.Where(g => g.Amount(calls[0]) > 0))
        {
            double[] amounts = [.. calls.Select(growth.Amount)];
            double[] withRows = [.. amounts.Select((a, i) => a * calls[i].Rows)];
            foreach (var units in new[] { withRows, amounts })
            {
                var unit = work[0] / units[0];
                var off = units.Select((u, i) => Math.Abs(Math.Log(work[i] / (unit * u)))).Sum();
                best = off < best.Off - Rounding ? (off, growth.Cost(unit)) : best;
            }
        }

        return best.Cost;
    }

    private static double Tokens(ProbedCall call) => call.Layout.Tokens;

    private static double Text(ProbedCall call) => call.Text;

    private static double Joint(ProbedCall call) => Tokens(call) + Text(call);
}
