using static TorchSharp.torch;

namespace Acceleration;

internal sealed class DualFastRun(DualFast mix, RunStore store) : Run, IConvertHook
{
    private static readonly StoreKey Noise = new("epsilon");
    private RowSet? _rows;

    public Prediction Convert(StepInfo step, Prediction prediction)
    {
        if (mix.Weight == 0)
        {
            return prediction;
        }

        var now = prediction.Epsilon;
        var rows = Rows((int)now.size(0));
        var age = mix.Lag is { } lag ? lag - 1 : 0;
        var weight = mix.At(step);

        // Without signal the noise says nothing about x0.
        var mixes = weight > 0 && step.At.Alpha > 0 && rows.All(r => store.Depth(Noise, r) > age);
        var mixed = mixes ? Mixed(prediction, store.Get(Noise, rows, age).Value, weight) : prediction;
        if (mix.Lag is not null || step.Index == 0)
        {
            store.Push(Noise, rows, now, step.Index, keep: age + 1);
        }

        return mixed;
    }

    private Prediction Mixed(Prediction prediction, Tensor earlier, double weight)
    {
        // Taken before the scope opens: the prediction remembers its conversions.
        var (now, leading) = (prediction.Epsilon, prediction.LeadingEpsilon);
        using var scope = NewDisposeScope();
        var change = (now - earlier).Times(weight);
        var x0 = prediction.Bounded(Conversions.X0(now.Plus(change), PredictionType.Epsilon, prediction.X, prediction.At)).MoveToOuterDisposeScope();

        // Guidance may take the noise from elsewhere than x0 (CFG++): it is moved as far.
        var epsilon = leading.Plus(change).MoveToOuterDisposeScope();
        return mix.Part == MixedPart.All ? prediction.With(x0, epsilon) : prediction.WithLeading(x0, epsilon, inDifferences: mix.Part == MixedPart.Newest);
    }

    private RowSet Rows(int samples) => _rows is { } known && known.Count == samples ? known : _rows = RowSet.Of(samples, Branch.Guided);
}
