using static TorchSharp.torch;

namespace Acceleration;

/// <content>What listens at the sampler.</content>
public sealed partial class ForecastCalibration
{
    /// <summary>Stands at the prediction of a sampler that a forecast is fitted to: either hands out what the branches say, or answers with a given output and evaluates nothing.</summary>
    internal sealed class Probe : IStrategy
    {
        public string Tag => "forecastprobe";

        public Requirements Needs => new() { Sites = [new(Where.Prediction, HookPhase.Cache)], ChoosesBranches = true };

        /// <summary>What the next steps answer, [samples, channels, ...]; null to evaluate.</summary>
        public Tensor? Answer { get; set; }

        /// <summary>What is evaluated where nothing is answered.</summary>
        public EvaluatedBranches Evaluates { get; set; }

        /// <summary>Latents of the last evaluated step as the network saw them, and what its branches said of them, as far as there were any. With an answer, while nothing is to be evaluated: what it would have seen.</summary>
        public (Tensor Latents, Tensor? Conditional, Tensor? Unconditional)? Seen { get; set; }

        public IRun Begin(RunInfo info, RunStore store) => new ProbeRun(this);

        private sealed class ProbeRun(Probe probe) : Run, ISiteHook, IBranchPolicy
        {
            public Value Invoke(in SiteCall call, Value input, SiteNext next)
            {
                if (probe.Answer is not { } answer)
                {
                    return next.Invoke(input);
                }

                if (probe.Evaluates == EvaluatedBranches.None)
                {
                    probe.Seen = (Own(input.Main), null, null);
                }

                return new(answer.alias());
            }

            public BranchPlan Plan(StepInfo step, IReadOnlyList<int> wanted, BranchOutputs before) =>
                BranchPlan.All(before.Samples, probe.Evaluates == EvaluatedBranches.Conditional ? [Branch.Conditional] : wanted);

            public Tensor? Estimate(StepInfo step, int branch, IReadOnlyList<int> samples, BranchOutputs outputs) => null;

            public void Observe(StepInfo step, BranchOutputs outputs) => probe.Seen = (
                Own(outputs.Input),
                Own(Mean(Branch.Conditional, outputs)),
                outputs.SamplesOf(Branch.Unconditional).Count > 0 ? Own(Mean(Branch.Unconditional, outputs)) : null);

            private static Tensor Mean(int branch, BranchOutputs outputs) => outputs.For(branch, outputs.Samples).narrow(1, 0, outputs.X.size(1));

            private static Tensor Own(Tensor seen) => seen.clone().DetachFromDisposeScope();
        }
    }
}
