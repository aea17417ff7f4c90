using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>The prediction and network sites, and the choice of branches per sample.</summary>
public sealed class GuidedPredictionTests : CoreTest
{
    private readonly ChainToy _net = new();

    public GuidedPredictionTests() => Own(_net);

    private SamplerBuilder Guided => Sampler.For(_net).FlowEuler(3).Guidance(2);

    [Fact]
    public void SampleBySampleEqualsTheBatch()
    {
        var hook = Probe.Site(Where.Prediction, (call, h, next) =>
            Value.Concat([.. Enumerable.Range(0, call.Rows.Count).Select(i => next.InvokeRows(h, [i]))]));
        Near(Toy.Run(Guided.Build(), 3).Values, Toy.Run(Guided.Use(hook).Build(), 3).Values);
    }

    [Fact]
    public void APolicySeesTheLatentsOfTheSamplesItIsAskedFor()
    {
        var seen = new List<(string, float[])>();
        var policy = new Probe("looking") { Needs = new() { ChoosesBranches = true }, Start = (_, _) => new Looking(seen) };
        float[] all = [];
        var hook = Probe.Site(Where.Prediction, (_, h, next) =>
        {
            all = h.Main.Floats();
            return Value.Concat([next.InvokeRows(h, [0]), next.InvokeRows(h, [1, 2])]);
        });
        Toy.Run(Sampler.For(_net).FlowEuler(1).Guidance(2).Use(policy).Use(hook).Build(), 3);
        Assert.Equal(["0", "1,2"], seen.Select(s => s.Item1));
        Assert.Equal(all[..16], seen[0].Item2);
        Assert.Equal(all[16..], seen[1].Item2);
    }

    [Fact]
    public void RowByRowEqualsTheBatch()
    {
        var rows = new HashSet<string>();
        var hook = Probe.Site(Where.Network, (call, h, next) =>
        {
            rows.Add(call.Rows.ToString());
            return Value.Concat([.. Enumerable.Range(0, call.Rows.Count).Select(i => next.InvokeRows(h, [i]))]);
        });
        Near(Toy.Run(Guided.Build(), 2).Values, Toy.Run(Guided.Use(hook).Build(), 2).Values);
        Assert.Equal(["0/cond 1/cond 0/uncond 1/uncond"], rows);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EachSampleMayHaveItsOwnBranches(bool separate)
    {
        // Sample 1 is guided, samples 0 and 2 are not.
        var policy = new Probe("some") { Needs = new() { ChoosesBranches = true }, Start = (_, _) => new OnlySample1() };
        var builder = Guided.Use(policy);
        var (values, trace) = Toy.Run((separate ? builder.SeparateBranches() : builder).Build(), 3);
        var guided = Toy.Run(Guided.Build(), 3).Values;
        var unguided = Toy.Run(Sampler.For(_net).FlowEuler(3).Build(), 3).Values;
        Near(unguided[..16], values[..16]);
        Near(guided[16..32], values[16..32]);
        Near(unguided[32..], values[32..]);
        Assert.Equal((4, 6), (trace.Evaluations, trace.FullEvaluations));
    }

    [Fact]
    public void OutputsKnowWhatWasReallyComputed()
    {
        var real = new List<bool>();
        var policy = new Probe("watching") { Needs = new() { ChoosesBranches = true }, Start = (_, _) => new Watching(real) };
        var skipping = Probe.Site(Where.Network, (call, h, next) => call.Step.Index == 1 ? h : next.Invoke(h));
        Toy.Run(Guided.Use(policy).Use(skipping).Build());
        Assert.Equal([true, true, false, false, true, true], real);
    }

    [Fact]
    public void AnEstimateStandsInForAMissingBranch()
    {
        // Estimating u = c makes guidance the condition.
        var policy = new Probe("estimating") { Needs = new() { ChoosesBranches = true }, Start = (_, _) => new Estimating() };
        var (values, trace) = Toy.Run(Guided.Use(policy).Build(), 2);
        Near(Toy.Run(Sampler.For(_net).FlowEuler(3).Build(), 2).Values, values);
        Assert.Equal(3, trace.Evaluations);
    }

    private abstract class Policy : Run, IBranchPolicy
    {
        public virtual BranchPlan Plan(StepInfo step, IReadOnlyList<int> wanted, BranchOutputs before) => BranchPlan.All(before.Samples, wanted);

        public virtual Tensor? Estimate(StepInfo step, int branch, IReadOnlyList<int> samples, BranchOutputs outputs) => null;

        public virtual void Observe(StepInfo step, BranchOutputs outputs)
        {
        }
    }

    private sealed class OnlySample1 : Policy
    {
        public override BranchPlan Plan(StepInfo step, IReadOnlyList<int> wanted, BranchOutputs before) =>
            new([(Branch.Conditional, before.Samples), (Branch.Unconditional, [1])]);
    }

    private sealed class Watching(List<bool> real) : Policy
    {
        public override void Observe(StepInfo step, BranchOutputs outputs) =>
            real.AddRange([outputs.IsReal(0, Branch.Conditional), outputs.IsReal(0, Branch.Unconditional)]);
    }

    private sealed class Looking(List<(string Samples, float[] X)> seen) : Policy
    {
        public override void Observe(StepInfo step, BranchOutputs outputs) => seen.Add((string.Join(',', outputs.Samples), outputs.X.Floats()));
    }

    private sealed class Estimating : Policy
    {
        public override BranchPlan Plan(StepInfo step, IReadOnlyList<int> wanted, BranchOutputs before) => new([(Branch.Conditional, before.Samples)]);

        public override Tensor? Estimate(StepInfo step, int branch, IReadOnlyList<int> samples, BranchOutputs outputs) =>
            outputs.For(Branch.Conditional, samples).alias();
    }
}
