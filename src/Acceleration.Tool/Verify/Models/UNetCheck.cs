using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of UNets of both classes. Channels of the stored input behind those that are denoised are the condition that lies beside them.</summary>
internal sealed class UNetCheck() : ModelCheck<UNet>("UNet2DModel", "UNet2DConditionModel")
{
    private static readonly (string Stored, string Name)[] Conditions =
    [
        ("encoder_hidden_states", ConditionNames.Text),
        ("encoder_attention_mask", ConditionNames.TextMask),
        ("class_labels", ConditionNames.Labels),
        ("timestep_cond", ConditionNames.GuidanceEmbedding),
        ("added_cond_kwargs.text_embeds", ConditionNames.Pooled),
        ("added_cond_kwargs.time_ids", ConditionNames.TimeIds),
    ];

    protected override UNet Load(GoldenFile file) => UNet.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(UNet model, StoredCase given)
    {
        var x = given.Read("sample").to(model.Info.DType);
        yield return ("sample", Predict(model, x, given.Numbers("timestep", x.size(0)), Named(model, given)));
    }

    /// <summary>One call of the network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="x">Latents and what lies beside them.</param>
    /// <param name="time">[rows], one for all, or a number.</param>
    /// <param name="conditions">The other conditions.</param>
    /// <param name="evaluation">The evaluation; null for one without strategies.</param>
    public static Tensor Predict(UNet network, Tensor x, Tensor time, IEnumerable<(string Name, Tensor Given)> conditions, Evaluation? evaluation = null)
    {
        var (rows, channels) = ((int)x.size(0), network.Info.Channels);
        using var condition = new Conditioning(
            rows,
            [.. conditions, .. x.size(1) > channels ? new[] { (ConditionNames.ImageLatents, x.narrow(1, channels, x.size(1) - channels)) } : []]);
        return network.Predict(x.narrow(1, 0, channels), time.reshape(-1).to(ScalarType.Float32), condition, evaluation ?? Evaluation.Plain(rows));
    }

    private static IEnumerable<(string Name, Tensor Given)> Named(UNet model, StoredCase given) =>
    [
        .. Conditions.Where(c => given.Has(c.Stored)).Select(c => (c.Name, given.Read(c.Stored))),
        .. model.Info.Conditions.Where(c => given.Has(c.Name)).Select(c => (c.Name, given.Read(c.Name))),
    ];
}
