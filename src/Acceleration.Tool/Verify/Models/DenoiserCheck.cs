using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of a network that takes latents, a time, and conditions.</summary>
/// <param name="modelClass">Its class.</param>
/// <param name="latents">What the class calls the latents.</param>
/// <param name="conditions">What it calls its conditions, and what they are called here; those that a case does not have are left out.</param>
internal sealed class DenoiserCheck(string modelClass, string latents, params (string Stored, string Name)[] conditions) : ModelCheck<IDenoiser>(modelClass)
{
    /// <summary>What the class calls the time.</summary>
    public string Time { get; init; } = "timestep";

    protected override IDenoiser Load(GoldenFile file) => Networks.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(IDenoiser model, StoredCase given)
    {
        var x = given.Read(latents).to(model.Info.DType);
        var rows = (int)x.size(0);
        var time = given.Numbers(Time, rows);
        using var condition = new Conditioning(rows, [.. conditions.Where(c => given.Has(c.Stored)).Select(c => (c.Name, given.Read(c.Stored)))]);
        yield return ("sample", model.Predict(x, time.ndim == 0 ? time.expand(rows) : time, condition, Evaluation.Plain(rows)));
    }
}
