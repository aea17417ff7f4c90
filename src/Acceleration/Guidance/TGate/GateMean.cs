using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What a site gave, once for each sample: the mean of its conditional and unconditional row, or the row's own where there is one. The two may come in calls of their own.</summary>
internal sealed class GateMean(RunStore store)
{
    public bool Has(StoreKey key, int sample) => store.Depth(key, Row(sample)) > 0;

    /// <summary>What was kept, for rows of different samples.</summary>
    public Tensor Get(StoreKey key, RowSet rows) => store.Get(key, Samples(rows)).Value;

    public void Keep(StoreKey key, RowSet rows, Value output, StepInfo step)
    {
        // A site of two streams has no one output to keep: it is computed.
        if (output.Text is not null)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var main = output.Main;
        var conditional = rows.Positions(r => r.Branch == Branch.Conditional);
        var pairs = Array.FindAll(conditional, c => Other(rows, c) >= 0);
        if (pairs.Length > 0)
        {
            Push(key, rows.At(pairs), Mean(rows.Take(main, Array.ConvertAll(pairs, c => Other(rows, c))), rows.Take(main, pairs)), half: false, step);
        }

        if (conditional.Except(pairs).ToArray() is { Length: > 0 } first)
        {
            Push(key, rows.At(first), rows.Take(main, first), half: true, step);
        }

        // The condition's half came in a call of its own, in the same step.
        var second = rows.Positions(r => r.Branch == Branch.Unconditional && rows.IndexOf(Row(r.Sample)) < 0 && IsHalf(key, r.Sample, step));
        if (second.Length > 0)
        {
            var at = rows.At(second);
            Push(key, at, Mean(rows.Take(main, second), Get(key, at)), half: false, step);
        }
    }

    private static Tensor Mean(Tensor uncond, Tensor cond) => uncond.Plus(cond).Over(2);

    private static int Other(RowSet rows, int conditional) => rows.IndexOf(new(rows[conditional].Sample, Branch.Unconditional));

    private static RowId Row(int sample) => new(sample, Branch.Conditional);

    private static RowSet Samples(RowSet rows) => new([.. rows.Select(r => Row(r.Sample))]);

    private bool IsHalf(StoreKey key, int sample, StepInfo step) => store.Scalar(key, Row(sample)) == step.Index && Has(key, sample);

    private void Push(StoreKey key, RowSet rows, Tensor value, bool half, StepInfo step)
    {
        var samples = Samples(rows);
        store.Push(key, samples, value);
        foreach (var row in samples)
        {
            store.SetScalar(key, row, half ? step.Index : -1);
        }
    }
}
