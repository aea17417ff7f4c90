using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The last predictions of a branch, those of consecutive steps.</summary>
/// <param name="store">Where they lie.</param>
/// <param name="name">Their name there.</param>
/// <param name="branch">The branch.</param>
/// <param name="keep">How many are kept of each sample; 0 for none.</param>
internal sealed class PredictionHistory(RunStore store, string name, int branch, int keep)
{
    private readonly StoreKey _output = new(name);
    private readonly StoreKey _newest = new($"{name} newest");
    private readonly StoreKey _run = new($"{name} run");

    public int Branch => branch;

    public void Push(int step, IReadOnlyList<int> samples, Tensor output)
    {
        if (keep == 0)
        {
            return;
        }

        var rows = Rows(samples);
        foreach (var row in rows)
        {
            store.SetScalar(_run, row, store.Scalar(_newest, row) == step - 1 ? store.Scalar(_run, row)!.Value + 1 : 1);
            store.SetScalar(_newest, row, step);
        }

        store.Push(_output, rows, output, step, keep);
    }

    /// <summary>Whether a sample has the predictions of the <paramref name="count"/> steps before <paramref name="step"/>.</summary>
    public bool Reaches(int step, int sample, int count)
    {
        var row = new RowId(sample, branch);
        return count == 0 || (store.Scalar(_newest, row) == step - 1 && store.Scalar(_run, row) >= count && store.Depth(_output, row) >= count);
    }

    /// <summary>Adds weighted predictions, the newest first.</summary>
    /// <param name="sum">What they are added to.</param>
    /// <param name="samples">Rows of <paramref name="sum"/>.</param>
    /// <param name="weights">Their weights.</param>
    public Tensor Add(Tensor sum, IReadOnlyList<int> samples, IEnumerable<double> weights)
    {
        var rows = Rows(samples);
        foreach (var (age, weight) in weights.Index())
        {
            sum = sum.Plus(store.Get(_output, rows, age).Value.Times(weight));
        }

        return sum;
    }

    public void Forget(IReadOnlyList<int> samples) => store.Forget(_output, Rows(samples));

    private RowSet Rows(IReadOnlyList<int> samples) => new([.. samples.Select(s => new RowId(s, branch))]);
}
