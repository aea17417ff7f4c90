using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Guidance whose result is recorded.</summary>
/// <param name="guided">The guided prediction of every step, [samples, ...].</param>
internal sealed class RecordedCombiner(Tensor guided) : Run, IStrategy, ICombiner
{
    public string Tag => "recorded";

    public Requirements Needs => new() { CombinesBranches = true };

    public IRun Begin(RunInfo info, RunStore store) => this;

    public IReadOnlyList<int> Branches(StepInfo step) => [Branch.Conditional];

    public Value Combine(StepInfo step, BranchOutputs outputs) => guided.alias();
}
