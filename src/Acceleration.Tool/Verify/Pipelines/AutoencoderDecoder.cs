using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Tool;

/// <summary>The decoder half of an AutoencoderKL, straight from a golden file: pipelines record decoded pictures.</summary>
internal sealed class AutoencoderDecoder
{
    private const double Epsilon = 1e-6;

    private readonly GoldenFile _file;
    private readonly long _groups;
    private readonly int _levels;
    private readonly int _layers;
    private readonly double _scaling;

    private AutoencoderDecoder(GoldenFile file)
    {
        if (file.TextOrNull("model_class") is not "AutoencoderKL")
        {
            throw new NotKnownException($"{file.Path} is no AutoencoderKL but {file.TextOrNull("model_class") ?? "unnamed"}; other decoders are not known yet.");
        }

        var config = file.Config("config");
        config.Expect("act_fn", "silu");
        config.Expect("mid_block_add_attention", true);
        config.Expect("use_post_quant_conv", true);
        config.Expect<double?>("shift_factor", null);
        config.Expect<double[]?>("latents_mean", null);
        config.Expect<double[]?>("latents_std", null);
        config.Ignore("block_out_channels", "down_block_types", "force_upcast", "in_channels", "latent_channels", "out_channels", "sample_size", "use_quant_conv");
        var blocks = config.Get<string[]>("up_block_types");
        if (Array.Exists(blocks, b => b != "UpDecoderBlock2D"))
        {
            throw new NotKnownException($"config: up_block_types {string.Join(", ", blocks)} are not known yet; known is UpDecoderBlock2D.");
        }

        (_file, _groups, _levels, _layers, _scaling) = (file, config.Get("norm_num_groups", 32L), blocks.Length, config.Get("layers_per_block", 1) + 1, config.Get("scaling_factor", 0.18215));
        config.RequireAllRead();
    }

    /// <summary>Decodes latents of a sampler.</summary>
    /// <param name="path">The autoencoder's golden file.</param>
    /// <param name="latents">[samples, channels, height, width].</param>
    /// <returns>[samples, height, width, channels] in [0, 1].</returns>
    public static Tensor Pictures(string path, Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var file = GoldenFile.Open(path);
        var decoder = new AutoencoderDecoder(file);
        return ((decoder.Decode(latents / decoder._scaling) / 2) + 0.5).clamp(0, 1).permute(0, 2, 3, 1).contiguous().MoveToOuterDisposeScope();
    }

    private Tensor Decode(Tensor z)
    {
        var h = Convolve(Convolve(z, "post_quant_conv"), "decoder.conv_in");
        h = Residual(Attend(Residual(h, "decoder.mid_block.resnets.0"), "decoder.mid_block.attentions.0"), "decoder.mid_block.resnets.1");
        for (var level = 0; level < _levels; level++)
        {
            for (var layer = 0; layer < _layers; layer++)
            {
                h = Residual(h, $"decoder.up_blocks.{level}.resnets.{layer}");
            }

            if (level < _levels - 1)
            {
                h = Convolve(h.repeat_interleave(2, 2).repeat_interleave(2, 3), $"decoder.up_blocks.{level}.upsamplers.0.conv");
            }
        }

        return Convolve(functional.silu(Norm(h, "decoder.conv_norm_out")), "decoder.conv_out");
    }

    private Tensor Residual(Tensor x, string name)
    {
        var h = Convolve(functional.silu(Norm(x, name + ".norm1")), name + ".conv1");
        h = Convolve(functional.silu(Norm(h, name + ".norm2")), name + ".conv2");
        return h + (_file.Has($"weights.{name}.conv_shortcut.weight") ? Convolve(x, name + ".conv_shortcut") : x);
    }

    private Tensor Attend(Tensor x, string name)
    {
        var h = Norm(x, name + ".group_norm").flatten(2).transpose(1, 2);
        Tensor Project(Tensor t, string part) => functional.linear(t, Weight($"{name}.{part}.weight"), Weight($"{name}.{part}.bias"));
        Tensor Head(string part) => Project(h, part).unsqueeze(1);
        var mixed = DenseAttention.Compute(Head("to_q"), Head("to_k"), Head("to_v")).squeeze(1);
        return x + Project(mixed, "to_out.0").transpose(1, 2).reshape(x.shape);
    }

    private Tensor Norm(Tensor x, string name) => functional.group_norm(x, _groups, Weight(name + ".weight"), Weight(name + ".bias"), Epsilon);

    private Tensor Convolve(Tensor x, string name)
    {
        var weight = Weight(name + ".weight");
        var pad = weight.size(2) / 2;
        return functional.conv2d(x, weight, Weight(name + ".bias"), padding: [pad, pad]);
    }

    private Tensor Weight(string name) => _file.Read("weights." + name);
}
