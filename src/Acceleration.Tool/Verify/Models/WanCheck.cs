using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of a Wan. The files hold all input channels together, and images of one video as rows.</summary>
internal sealed class WanCheck() : ModelCheck<Wan>("WanTransformer3DModel")
{
    protected override Wan Load(GoldenFile file) => Wan.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(Wan model, StoredCase given)
    {
        var all = given.Read("hidden_states").to(model.Info.DType);
        var (rows, channels) = ((int)all.size(0), model.Info.Channels);
        var conditions = new List<(string, Tensor)> { (ConditionNames.Text, given.Read("encoder_hidden_states")) };
        if (all.size(1) > channels)
        {
            conditions.Add((ConditionNames.ImageLatents, all.narrow(1, channels, all.size(1) - channels)));
        }

        if (given.ReadOrNull("encoder_hidden_states_image") is { } image)
        {
            conditions.Add((ConditionNames.Image, image.reshape(rows, -1, image.size(-1))));
        }

        using var condition = new Conditioning(rows, [.. conditions]);
        var time = given.Numbers("timestep", rows);
        yield return ("sample", model.Predict(all.narrow(1, 0, channels), time.ndim == 0 ? time.expand(rows) : time, condition, Evaluation.Plain(rows)));
    }
}
