using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of the networks of Diffusion Policy, which are stored as [rows, horizon, action_dim].</summary>
internal sealed class PolicyCheck() : ModelCheck<IDenoiser>("TransformerForDiffusion", "ConditionalUnet1D")
{
    private static readonly (string Stored, string Name)[] Conditions =
    [
        ("cond", ConditionNames.Observation), ("global_cond", ConditionNames.Observation), ("local_cond", ConditionNames.LocalObservation),
    ];

    protected override IDenoiser Load(GoldenFile file) => Networks.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(IDenoiser model, StoredCase given)
    {
        var x = given.Read("sample").to(model.Info.DType).transpose(1, 2);
        var rows = (int)x.size(0);
        var time = given.Numbers("timestep", rows);
        using var condition = new Conditioning(rows, [.. Conditions.Where(c => given.Has(c.Stored)).Select(c => (c.Name, given.Read(c.Stored)))]);
        yield return ("sample", model.Predict(x, time.ndim == 0 ? time.expand(rows) : time, condition, Evaluation.Plain(rows)).transpose(1, 2));
    }
}
