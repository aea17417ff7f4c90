namespace Acceleration.Models;

/// <summary>
/// The names of a UNet in the original latent-diffusion release (Stable Diffusion 1, 2, XL): levels and layers are numbered through there (<c>input_blocks.4.1</c>). Pairs of modules, without the prefix
/// <c>model.diffusion_model.</c>.
/// </summary>
internal static class LatentDiffusionUNet
{
    private static readonly (string Original, string Name)[] Residual =
    [
        ("in_layers.0", "norm1"), ("in_layers.2", "conv1"), ("emb_layers.1", "time_emb_proj"), ("out_layers.0", "norm2"), ("out_layers.3", "conv2"), ("skip_connection", "conv_shortcut"),
    ];

    /// <summary>All modules.</summary>
    /// <param name="attends">Whether each level has attention, the outermost first.</param>
    /// <param name="layers">Residual blocks of a level on the way down; one more on the way up.</param>
    public static IEnumerable<ModulePair> Pairs(IReadOnlyList<bool> attends, int layers)
    {
        ModulePair[] ends =
        [
            new("time_embed.0", "time_embedding.linear_1"), new("time_embed.2", "time_embedding.linear_2"), new("label_emb.0.0", "add_embedding.linear_1"), new("label_emb.0.2", "add_embedding.linear_2"),
            new("input_blocks.0.0", "conv_in"), new("out.0", "conv_norm_out"), new("out.2", "conv_out"), new("middle_block.1", "mid_block.attentions.0"),
        ];
        return [.. ends, .. Inside("middle_block.0", "mid_block.resnets.0"), .. Inside("middle_block.2", "mid_block.resnets.1"), .. Down(attends, layers), .. Up(attends, layers)];
    }

    private static IEnumerable<ModulePair> Down(IReadOnlyList<bool> attends, int layers)
    {
        for (var level = 0; level < attends.Count; level++)
        {
            for (var layer = 0; layer < layers; layer++)
            {
                var block = 1 + ((layers + 1) * level) + layer;
                foreach (var pair in Inside($"input_blocks.{block}.0", $"down_blocks.{level}.resnets.{layer}"))
                {
                    yield return pair;
                }

                yield return new($"input_blocks.{block}.1", $"down_blocks.{level}.attentions.{layer}");
            }

            yield return new($"input_blocks.{(layers + 1) * (level + 1)}.0.op", $"down_blocks.{level}.downsamplers.0.conv");
        }
    }

    private static IEnumerable<ModulePair> Up(IReadOnlyList<bool> attends, int layers)
    {
        for (var level = 0; level < attends.Count; level++)
        {
            var isAttending = attends[attends.Count - 1 - level];
            for (var layer = 0; layer <= layers; layer++)
            {
                var block = ((layers + 1) * level) + layer;
                foreach (var pair in Inside($"output_blocks.{block}.0", $"up_blocks.{level}.resnets.{layer}"))
                {
                    yield return pair;
                }

                if (isAttending)
                {
                    yield return new($"output_blocks.{block}.1", $"up_blocks.{level}.attentions.{layer}");
                }
            }

            yield return new($"output_blocks.{((layers + 1) * (level + 1)) - 1}.{(isAttending ? 2 : 1)}.conv", $"up_blocks.{level}.upsamplers.0.conv");
        }
    }

    private static IEnumerable<ModulePair> Inside(string original, string name) => Residual.Select(r => new ModulePair(original, name).In(r.Original, r.Name));
}
