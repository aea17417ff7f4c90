using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of a Stable Diffusion 3 network, with all its blocks or without some.</summary>
internal sealed class SD3Check() : ModelCheck<IDenoiser>("SD3Transformer2DModel")
{
    protected override IDenoiser Load(GoldenFile file) => Networks.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(IDenoiser model, StoredCase given)
    {
        var whole = given.Read("hidden_states").to(model.Info.DType);
        var (rows, channels) = ((int)whole.size(0), model.Info.Channels);
        var x = whole.narrow(1, 0, Math.Min(channels, whole.size(1)));
        var time = given.Numbers("timestep", rows);
        List<(string, Tensor)> conditions = [(ConditionNames.Text, given.Read("encoder_hidden_states")), (ConditionNames.Pooled, given.Read("pooled_projections"))];
        if (whole.size(1) > channels)
        {
            conditions.Add((ConditionNames.ImageLatents, whole.narrow(1, channels, whole.size(1) - channels)));
        }

        using var condition = new Conditioning(rows, [.. conditions]);
        var skipped = given.Arguments.Get<int[]>("skip_layers", []);
        yield return ("sample", skipped.Length == 0 ? model.Predict(x, time, condition, Evaluation.Plain(rows)) : Without(skipped, model, x, time, condition));
    }

    /// <summary>One call of the network, as a sampler makes it.</summary>
    private static Tensor Without(int[] blocks, IDenoiser network, Tensor x, Tensor time, Conditioning condition)
    {
        Tensor? made = null;
        using var timed = Denoiser.From(network.Info, (z, _, c, e) => network.Predict(z, time, c, e));
        var solver = new RecordedSolver(x.unsqueeze(0), (_, now) => made = now.Output.clone().DetachFromDisposeScope());
        using (Sampler.For(timed).Solve(solver, solver.Grid).Use(new LeftOutBlocks(blocks)).Build().Generate(new() { Condition = condition, Latents = x, Size = x.shape[1..] }))
        using (made)
        {
            return made!.clone();
        }
    }
}
