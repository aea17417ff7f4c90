using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>One recorded sequence of <see cref="EasyCacheCheck"/>.</summary>
internal sealed class EasyCacheRun(GoldenFile file, Findings found, string name, EasyCache strategy, long[] skipped)
{
    private readonly double _tolerance = file.Number("recommended_atol");

    public void Compare(bool separate, CancellationToken cancellation)
    {
        var pair = name == "pair";
        int[] branches = pair ? [Branch.Conditional, Branch.Unconditional] : [Branch.Conditional];
        Tensor Sequence(string tensor) => pair ? file.Read($"{name}.{tensor}").unsqueeze(1) : file.Read($"{name}.{tensor}");
        var x = Sequence("input.x");
        Tensor[] outputs = pair ? [Sequence("input.full_output_cond"), Sequence("input.full_output_uncond")] : [Sequence("input.full_output")];
        Tensor[] results = pair ? [Sequence("output.result_cond"), Sequence("output.result_uncond")] : [Sequence("output.result")];
        var computed = file.Whole($"{name}.output.computed").Chunk(branches.Length).ToArray();
        var (errors, rates) = (file.Numbers($"{name}.output.accumulated_error"), file.Numbers($"{name}.output.k"));

        var (easy, solver) = (new WatchedStrategy(strategy), new RecordedSolver(x));
        var listener = new BranchListener(branches, (step, branch, output) => found.Within($"{name}, results", $"step {step.Index}", output, results[branch][step.Index], _tolerance));
        using var network = Denoiser.From(
            RecordedNetwork.Info(PredictionType.Flow, x.shape[2..]), (_, _, _, e) => cat([.. e.Rows.Select(r => outputs[r.Branch][e.Step.Index].narrow(0, r.Sample, 1))], 0));
        var builder = Sampler.For(network).Solve(solver, solver.Grid).Use(easy).Use(listener);
        using var condition = Conditioning.None((int)x.size(1));
        using var session = (separate ? builder.SeparateBranches() : builder).Build().Start(new() { Condition = condition, Latents = x[0] });
        var (site, row) = (network.Info.Sites.Network.Index, RowSet.Of(1, Branch.Conditional));
        var passed = new List<long>();
        for (var step = 0; step < computed.Length; step++)
        {
            session.Advance(cancellation);
            using var inner = NewDisposeScope();
            var trace = session.Trace.Steps[step];
            if (trace.Decisions.Single().Skip)
            {
                passed.Add(step);
            }

            found.Equal($"{name}, computed", $"step {step}", [!trace.Decisions.Single().Skip, trace.ComputedRows > 0], [computed[step].All(c => c == 1), computed[step].Any(c => c == 1)]);
            found.Equal($"{name}, computed rows", $"step {step}", [(long)trace.ComputedRows], [computed[step].Sum() * x.size(1)]);
            found.Add($"{name}, accumulated error", $"step {step}", Math.Abs((easy.Store!.Scalar(new("E", site), row[0]) ?? 0) - errors[step]), _tolerance);
            var k = easy.Store.Depth(new("k", site), row[0]) == 0 ? -1 : easy.Store.Get(new("k", site), row).Value.item<float>();
            found.Add($"{name}, rate of change", $"step {step}", Math.Abs(k - rates[step]), _tolerance);
        }

        found.Equal($"{name}, skipped steps", "", passed, skipped);
    }
}
