using static TorchSharp.torch;

namespace Acceleration;

internal sealed class AdaptiveGuidanceRun(AdaptiveGuidance guidance, RunStore store) : Run, IBranchPolicy
{
    private static readonly StoreKey Ended = new("ended");
    private readonly string _tag = guidance.Tag;
    private readonly DeltaHistory _deltas = new(store, guidance.Tail == GuidanceTail.ExtrapolateDelta ? guidance.Order : 0);

    public BranchPlan Plan(StepInfo step, IReadOnlyList<int> wanted, BranchOutputs before)
    {
        var samples = before.Samples;
        var active = samples.Where(s => IsActive(step, s)).ToArray();
        return active.Length == samples.Count
            ? BranchPlan.All(samples, wanted)
            : new([.. wanted.Select(b => (b, EndsWithGuidance(b) ? active : samples)).Where(b => b.Item2.Count > 0)]);
    }

    public Tensor? Estimate(StepInfo step, int branch, IReadOnlyList<int> samples, BranchOutputs outputs)
    {
        if (guidance.Tail == GuidanceTail.Conditional || branch != Branch.Unconditional)
        {
            return null;
        }

        return outputs.For(Branch.Conditional, samples) - _deltas.At(step.At.Time, Rows(samples));
    }

    public void Observe(StepInfo step, BranchOutputs outputs)
    {
        // Only what the network really said counts, and a step of several calls decides once.
        int[] real = [.. outputs.SamplesOf(Branch.Unconditional).Where(s => outputs.IsReal(s, Branch.Conditional) && outputs.IsReal(s, Branch.Unconditional))];
        if (real.Length == 0 || step.Call > 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var (c, u) = (outputs.For(Branch.Conditional, real), outputs.For(Branch.Unconditional, real));
        if (guidance.Tail != GuidanceTail.Conditional)
        {
            _deltas.Push(step.At.Time, Rows(real), c - u);
        }

        // The distance from 1 keeps in float32 the digits that decide.
        var cosine = Cosine(InSpace(c, outputs, real), InSpace(u, outputs, real));
        var gamma = Array.ConvertAll(outputs.Read(ones_like(cosine) - cosine), distance => 1.0 - distance);
        End(step, outputs, real, gamma);
    }

    /// <summary>Further conditions say nothing where the unconditional branch is neither evaluated nor estimated.</summary>
    private bool EndsWithGuidance(int branch) => branch == Branch.Unconditional || (Branch.IsOther(branch) && guidance.Tail == GuidanceTail.Conditional);

    private static RowSet Rows(IReadOnlyList<int> samples) => new([.. samples.Select(s => new RowId(s, Branch.Unconditional))]);

    /// <summary>Per sample, in float64: near 1 the last digits decide.</summary>
    private static Tensor Cosine(Tensor a, Tensor b)
    {
        var (p, q) = (a.flatten(1).to(ScalarType.Float64), b.flatten(1).to(ScalarType.Float64));
        return (p * q).sum(1) / ((p * p).sum(1) * (q * q).sum(1)).sqrt();
    }

    private void End(StepInfo step, BranchOutputs outputs, int[] real, double[] gamma)
    {
        var qualifies = Array.ConvertAll(gamma, g => g >= guidance.GammaBar && step.Index >= guidance.Warmup);
        var together = guidance.Consensus == Consensus.BatchMin;
        var all = real.Length == outputs.Samples.Count && Array.TrueForAll(qualifies, q => q);
        for (var i = 0; i < real.Length; i++)
        {
            var ends = together ? all : qualifies[i];
            outputs.Record(new(_tag, "guidance", real[i], ends, gamma[i], guidance.GammaBar));
            if (ends)
            {
                store.SetScalar(Ended, new(real[i], Branch.Unconditional), step.Index);
            }
        }
    }

    /// <summary>The step that triggers is still guided: both branches are paid for. A tail without the delta it continues needs a new one.</summary>
    private bool IsActive(StepInfo step, int sample)
    {
        var row = new RowId(sample, Branch.Unconditional);
        return store.Scalar(Ended, row) is not { } ended
            || step.Index <= ended
            || (guidance.Tail != GuidanceTail.Conditional && _deltas.IsEmpty(row));
    }

    private Tensor InSpace(Tensor output, BranchOutputs outputs, IReadOnlyList<int> samples)
    {
        var network = outputs.Network;
        var x = outputs.XFor(samples);
        var mean = output.size(1) > x.size(1) ? output.narrow(1, 0, x.size(1)) : output;
        return guidance.Space switch
        {
            MetricSpace.ModelOutput => mean,
            MetricSpace.X0 => Conversions.X0(mean, network.Prediction, x, outputs.At),
            MetricSpace.Epsilon => Conversions.Epsilon(mean, network.Prediction, x, outputs.At),
            _ => Velocity(mean, network.Prediction, x, outputs.At),
        };
    }

    private static Tensor Velocity(Tensor output, PredictionType type, Tensor x, GridPoint at)
    {
        var (x0, epsilon) = (Conversions.X0(output, type, x, at), Conversions.Epsilon(output, type, x, at));
        return type == PredictionType.Flow ? epsilon - x0 : epsilon.Times(at.Alpha * at.SigmaData) - x0.Times(at.Sigma / at.SigmaData);
    }
}
