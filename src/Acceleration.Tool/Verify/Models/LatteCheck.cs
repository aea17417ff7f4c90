using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of a Latte, with and without its temporal blocks.</summary>
internal sealed class LatteCheck() : ModelCheck<Latte>("LatteTransformer3DModel")
{
    protected override Latte Load(GoldenFile file) => Latte.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(Latte model, StoredCase given)
    {
        using var network = given.Arguments.Get("enable_temporal_attentions", true) ? null : model.WithoutTemporalAttention();
        var x = given.Read("hidden_states").to(model.Info.DType);
        var rows = (int)x.size(0);
        using var text = new Conditioning(rows, (ConditionNames.Text, given.Read("encoder_hidden_states")));
        yield return ("sample", (network ?? model).Predict(x, given.Numbers("timestep", rows), text, Evaluation.Plain(rows)));
    }
}
