using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Remembers d = u − c of the last step that had both, in two bands, and makes u = c + α₁·d_low + α₂·d_high of them.</summary>
internal sealed class CfgCacheRun(CfgCache cache, RunStore store) : Run, IBranchPolicy
{
    private readonly string _tag = cache.Tag;

    public BranchPlan Plan(StepInfo step, IReadOnlyList<int> wanted, BranchOutputs before)
    {
        var samples = before.Samples;
        if (!cache.Skips(step) || !wanted.Contains(Branch.Unconditional))
        {
            return BranchPlan.All(samples, wanted);
        }

        int[] computed = [.. samples.Where(s => Array.Exists(Bands(step), band => store.Depth(band, Row(s)) == 0))];
        return new([.. wanted.Select(b => (b, b == Branch.Unconditional ? computed : samples)).Where(b => b.Item2.Count > 0)]);
    }

    public Tensor? Estimate(StepInfo step, int branch, IReadOnlyList<int> samples, BranchOutputs outputs)
    {
        if (branch != Branch.Unconditional)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var (rows, cond) = (Rows(samples), outputs.For(Branch.Conditional, samples));
        var (low, high) = cache.Factors(step);
        var difference = Grown(step, 0, low, rows).Plus(Grown(step, 1, high, rows));
        if (step.Call == 0)
        {
            Record(outputs, samples, skip: true);
        }

        return cond.to(difference.dtype).Plus(difference).to(cond.dtype).MoveToOuterDisposeScope();
    }

    public void Observe(StepInfo step, BranchOutputs outputs)
    {
        // Only what the network really said is a difference to keep.
        int[] real = [.. outputs.SamplesOf(Branch.Unconditional).Where(s => outputs.IsReal(s, Branch.Conditional) && outputs.IsReal(s, Branch.Unconditional))];
        if (real.Length == 0 || cache.Every == 1)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var rows = Rows(real);
        var difference = outputs.For(Branch.Unconditional, real) - outputs.For(Branch.Conditional, real);
        var wide = difference.dtype == ScalarType.Float64 ? difference : difference.to(ScalarType.Float32);
        var low = LowPass.Of(wide);
        foreach (var (band, value) in Bands(step).Zip([low, wide - low]))
        {
            store.Push(band, rows, value);
            foreach (var row in rows)
            {
                store.SetScalar(band, row, 1);
            }
        }

        if (step.Call == 0)
        {
            Record(outputs, real, skip: false);
        }
    }

    private static RowId Row(int sample) => new(sample, Branch.Unconditional);

    private static RowSet Rows(IReadOnlyList<int> samples) => new([.. samples.Select(Row)]);

    private static StoreKey[] Bands(StepInfo step) => [new("low", Call: step.Call), new("high", Call: step.Call)];

    /// <summary>One band of the difference with its factor, which each row has for itself: they may have been computed in different steps.</summary>
    private Tensor Grown(StepInfo step, int band, double factor, RowSet rows)
    {
        var key = Bands(step)[band];
        var factors = new double[rows.Count];
        for (var i = 0; i < factors.Length; i++)
        {
            factors[i] = cache.Compounding ? factor * (store.Scalar(key, rows[i]) ?? 1) : factor;
            store.SetScalar(key, rows[i], factors[i]);
        }

        var value = store.Get(key, rows).Value;
        return Array.TrueForAll(factors, f => f == factors[0])
            ? value.Times(factors[0])
            : value * tensor(factors).to(value.dtype).to(value.device).view([rows.Count, .. Enumerable.Repeat(1L, (int)value.ndim - 1)]);
    }

    private void Record(BranchOutputs outputs, IReadOnlyList<int> samples, bool skip)
    {
        foreach (var sample in samples)
        {
            outputs.Record(new(_tag, "guidance", sample, skip));
        }
    }
}
