using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of a CogVideoX. The files hold frames before channels, and all input channels together.</summary>
internal sealed class CogVideoXCheck() : ModelCheck<CogVideoX>("CogVideoXTransformer3DModel")
{
    protected override CogVideoX Load(GoldenFile file) => CogVideoX.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(CogVideoX model, StoredCase given)
    {
        var all = given.Read("hidden_states").to(model.Info.DType).transpose(1, 2);
        var (rows, channels) = ((int)all.size(0), model.Info.Channels);
        var conditions = new List<(string, Tensor)> { (ConditionNames.Text, given.Read("encoder_hidden_states")) };
        if (all.size(1) > channels)
        {
            conditions.Add((ConditionNames.ImageLatents, all.narrow(1, channels, all.size(1) - channels)));
        }

        if (given.Has("ofs") || given.Arguments.Has("ofs"))
        {
            conditions.Add((ConditionNames.Offset, given.Numbers("ofs", rows)));
        }

        if (given.Has("image_rotary_emb.0"))
        {
            // Cosines and sines are stored twice, for both numbers of a pair.
            var turns = new[] { "image_rotary_emb.0", "image_rotary_emb.1" }.Select(n => given.Read(n).unflatten(1, -1, 2).select(2, 0));
            conditions.Add((ConditionNames.Rotary, cat([.. turns], 1).unsqueeze(0)));
        }

        using var condition = new Conditioning(rows, [.. conditions]);
        var time = given.Numbers("timestep", rows);
        yield return ("sample", model.Predict(all.narrow(1, 0, channels), time.ndim == 0 ? time.expand(rows) : time, condition, Evaluation.Plain(rows)).transpose(1, 2));
    }
}
