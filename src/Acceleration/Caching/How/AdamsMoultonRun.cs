using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Makes clean samples, and of them the predictions that stand for them at the latents where the solver is.</summary>
internal sealed class AdamsMoultonRun(AdamsMoulton how, RunInfo info, RunStore store) : IHowRun
{
    private const string Node = ".x0";

    private readonly GradientHistory _history = new(info, store, how.Published);
    private readonly bool _interpolates = how.LagrangeFrom is not null && !(how.Published && info.Network.Prediction == PredictionType.Flow);

    private PredictionType Type => info.Network.Prediction;

    public int Depth(StoreKey key, RowId row)
    {
        var nodes = key with { Name = key.Name + Node };
        return store.Scalar(nodes, row) is not null && store.Depth(nodes, row) == 0 ? 0 : _history.Depth(key, row);
    }

    public void Observe(in HowCall call, RowSet rows, Tensor kept)
    {
        _history.Computed(Point(call), rows, kept);
        if (IsNode(call.Step))
        {
            var (z, at) = Present(call, rows);
            Keep(call, rows, Conversions.X0(CleanSamples.Head(kept, z), Type, z, at));
        }
    }

    public Tensor Make(in HowCall call, RowSet rows)
    {
        _history.Enter(Point(call), rows);
        var at = call;
        return rows.Grouped(r => (Gradients: _history.Depth(Point(at), r), Nodes: Nodes(at, r)), (some, known) => Make(at, some, known.Gradients, known.Nodes));
    }

    private Tensor Make(in HowCall call, RowSet rows, int gradients, int nodes)
    {
        var last = _history.Output(Point(call), rows);
        var (z, at) = Present(call, rows);
        if (gradients + nodes == 0)
        {
            return last;
        }

        var clean = nodes > 0 ? Interpolated(call, rows, nodes) : _history.IsFlow ? null : Extrapolated(call, rows, gradients, last, z, at);
        var output = clean is null ? Line(call, rows, gradients) : Conversions.Output(clean, Type, z, at);
        if (IsNode(call.Step))
        {
            Keep(call, rows, clean ?? Conversions.X0(output, Type, z, at));
        }

        return CleanSamples.Beside(output, last, z).to(last.dtype);
    }

    private Tensor Extrapolated(in HowCall call, RowSet rows, int gradients, Tensor last, Tensor z, GridPoint at) =>
        Conversions.X0(CleanSamples.Head(last, z), Type, _history.Extrapolated(Point(call), rows, gradients), at);

    private Tensor Line(in HowCall call, RowSet rows, int gradients)
    {
        var entries = _history.Gradients(Point(call), rows, Math.Min(2, gradients));
        var line = new Polynomial(1);
        var target = call.Step.At.Sigma;
        return WeightedSum.Of(
            [.. entries.Select(e => e.Value)], GradientTime.PerRow(entries, rows.Count, nodes => how.Published && nodes.Length == 2 ? [2, -1] : line.Weights(nodes, target)));
    }

    private Tensor Interpolated(in HowCall call, RowSet rows, int nodes)
    {
        var (key, target) = (call.Key(Node), how.Over.Of(call.Step));
        var entries = Enumerable.Range(0, nodes).Select(age => store.Get(key, rows, age)).ToArray();
        var polynomial = new Polynomial(nodes - 1);
        return WeightedSum.Of([.. entries.Select(e => e.Value)], GradientTime.PerRow(entries, rows.Count, at => polynomial.Weights(at, target)));
    }

    /// <summary>Clean samples that a row is interpolated from in the present step; 0 where it is not.</summary>
    private int Nodes(in HowCall call, RowId row) =>
        _interpolates && call.Step.Index - 1 >= how.LagrangeFrom ? Math.Min(how.LagrangeTerms, store.Depth(call.Key(Node), row)) : 0;

    private bool IsNode(StepInfo step) => _interpolates && step.Index % how.LagrangeEvery == 1 % how.LagrangeEvery;

    private void Keep(in HowCall call, RowSet rows, Tensor clean)
    {
        store.Push(call.Key(Node), rows, clean, how.Over.Of(call.Step), how.LagrangeTerms);
        foreach (var row in rows)
        {
            store.SetScalar(call.Key(Node), row, 1);
        }
    }

    private (Tensor Latents, GridPoint At) Present(in HowCall call, RowSet rows) =>
        (_history.Latents(Point(call), rows), _history.IsFlow ? call.Step.At : GradientTime.Unit(call.Step.At));

    private static TrajectoryPoint Point(in HowCall call) => TrajectoryPoint.At(call.At, call.Name);
}
