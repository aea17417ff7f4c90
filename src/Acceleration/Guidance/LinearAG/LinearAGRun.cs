using static TorchSharp.torch;

namespace Acceleration;

internal sealed class LinearAGRun : Run, IBranchPolicy
{
    private readonly Dictionary<int, EstimatedStep> _estimates;
    private readonly PredictionHistory _conditional;
    private readonly PredictionHistory _unconditional;
    private readonly int _tail;
    private readonly int _last;

    public LinearAGRun(LinearAG guidance, int steps, RunStore store)
    {
        _tail = guidance.TailIn(steps);
        _estimates = guidance.Estimates.Where(e => e.Step < _tail || guidance.Tail == LinearTail.Estimated).ToDictionary(e => e.Step);
        _last = _estimates.Keys.DefaultIfEmpty(-1).Max();
        _conditional = new(store, "conditional", Branch.Conditional, _estimates.Values.Select(e => e.Conditional.Count - 1).DefaultIfEmpty(0).Max());
        _unconditional = new(store, "unconditional", Branch.Unconditional, _estimates.Values.Select(e => e.Unconditional.Count).DefaultIfEmpty(0).Max());
    }

    public BranchPlan Plan(StepInfo step, IReadOnlyList<int> wanted, BranchOutputs before)
    {
        var samples = before.Samples;
        int[] evaluated = [.. samples.Where(s => Evaluates(step.Index, s))];
        return evaluated.Length == samples.Count
            ? BranchPlan.All(samples, wanted)
            : new([.. wanted.Select(b => (b, b == Branch.Unconditional ? evaluated : Branch.IsOther(b) && IsConditional(step.Index) ? [] : samples)).Where(b => b.Item2.Count > 0)]);
    }

    public void Observe(StepInfo step, BranchOutputs outputs)
    {
        if (step.Index > _last)
        {
            Forget(outputs.Samples);
        }
        else if (step.Index < _last)
        {
            // Where there is an estimate to be made, it needs what was remembered before this step.
            var evaluated = outputs.SamplesOf(Branch.Unconditional);
            Remember(step, _conditional, _estimates.ContainsKey(step.Index) ? evaluated : outputs.Samples, outputs);
            Remember(step, _unconditional, evaluated, outputs);
        }
    }

    public Tensor? Estimate(StepInfo step, int branch, IReadOnlyList<int> samples, BranchOutputs outputs)
    {
        if (branch != Branch.Unconditional || !_estimates.TryGetValue(step.Index, out var weights))
        {
            return null;
        }

        var cond = outputs.For(Branch.Conditional, samples);
        var mean = Mean(cond, outputs);
        using var scope = NewDisposeScope();
        var sum = mean.Times(weights.Conditional[0]);
        sum = _conditional.Add(sum, samples, weights.Conditional.Skip(1));
        sum = _unconditional.Add(sum, samples, weights.Unconditional);
        sum = weights.Intercept == 0 ? sum : sum.Plus(weights.Intercept);
        if (step.Index < _last)
        {
            _conditional.Push(step.Index, samples, mean);
            _unconditional.Push(step.Index, samples, sum);
        }
        else
        {
            Forget(samples);
        }

        // Variance logits are the condition's.
        return (mean.size(1) == cond.size(1) ? sum : cat([sum, cond.narrow(1, mean.size(1), cond.size(1) - mean.size(1))], 1)).MoveToOuterDisposeScope();
    }

    private static Tensor Mean(Tensor output, BranchOutputs outputs) => output.size(1) == outputs.X.size(1) ? output : output.narrow(1, 0, outputs.X.size(1));

    private static void Remember(StepInfo step, PredictionHistory history, IReadOnlyList<int> samples, BranchOutputs outputs)
    {
        if (samples.Count > 0)
        {
            history.Push(step.Index, samples, Mean(outputs.For(history.Branch, samples), outputs));
        }
    }

    /// <summary>What cannot be estimated for want of earlier predictions is evaluated.</summary>
    private bool Evaluates(int step, int sample) => _estimates.TryGetValue(step, out var weights)
        ? !(_conditional.Reaches(step, sample, weights.Conditional.Count - 1) && _unconditional.Reaches(step, sample, weights.Unconditional.Count))
        : !IsConditional(step);

    /// <summary>Whether a step is the condition's alone: further conditions say nothing there.</summary>
    private bool IsConditional(int step) => step >= _tail && !_estimates.ContainsKey(step);

    private void Forget(IReadOnlyList<int> samples)
    {
        _conditional.Forget(samples);
        _unconditional.Forget(samples);
    }
}
