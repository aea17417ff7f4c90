using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Files that hold an autoencoder, or do not.</summary>
public sealed class AutoencoderFilesTests : ModelTest
{
    [Theory]
    [InlineData("autoencoder_kl", "\"force_upcast\": true", "\"force_upcast\": true, \"use_tiling\": true", "does not know: use_tiling = true")]
    [InlineData("autoencoder_kl", "[8, 12, 16]", "[8, 12, 18]", "18 channels cannot be divided among norm_num_groups = 4")]
    [InlineData("autoencoder_kl", "[8, 12, 16]", "[8, 12]", "3 down_block_types and 2 block_out_channels")]
    [InlineData("autoencoder_kl", "[8, 12, 16]", "[8, 12, 16384]", "the file holds")]
    [InlineData("autoencoder_kl", "\"layers_per_block\": 1", "\"layers_per_block\": 200", "the file holds")]
    [InlineData("autoencoder_kl", "\"layers_per_block\": 1", "\"layers_per_block\": 2", "encoder.down_blocks.0.resnets.1")]
    [InlineData("autoencoder_kl", "\"act_fn\": \"silu\"", "\"act_fn\": \"tanh\"", "act_fn = tanh; supported is silu")]
    [InlineData("autoencoder_kl", "\"UpDecoderBlock2D\", ", "\"UpBlock2D\", ", "up_block_types")]
    [InlineData("autoencoder_kl", "\"scaling_factor\": 0.18215", "\"scaling_factor\": 0", "scaling_factor = 0; supported is a number above 0")]
    [InlineData("autoencoder_kl", "\"latents_std\": null", "\"latents_std\": [1, 1, 1, 1]", "latents_mean and latents_std must both have 4 numbers")]
    [InlineData("autoencoder_kl", "\"latents_mean\": null, \"latents_std\": null", "\"latents_mean\": [0, 0, 0, 0], \"latents_std\": [1, 1, 1, 0]", "latents_std must be above 0")]
    [InlineData("autoencoder_kl", "\"latents_mean\": null", "\"latents_mean\": [\"a\"]", "an array of finite numbers")]
    [InlineData("autoencoder_kl", "\"latent_channels\": 4", "\"latent_channels\": 16", "of another shape")]
    [InlineData("autoencoder_tiny", "\"upsample_fn\": \"nearest\"", "\"upsample_fn\": \"bicubic\"", "upsample_fn = bicubic; supported is nearest")]
    [InlineData("autoencoder_tiny", "\"encoder_block_out_channels\": [8, 8, 8, 8]", "\"encoder_block_out_channels\": [8, 8, 8, 16]", "must all be equal")]
    [InlineData("autoencoder_tiny", "\"num_decoder_blocks\": [3, 3, 3, 1]", "\"num_decoder_blocks\": [3, 3, 1]", "4 decoder_block_out_channels and 3 num_decoder_blocks")]
    [InlineData("autoencoder_tiny", "\"num_decoder_blocks\": [3, 3, 3, 1]", "\"num_decoder_blocks\": [3, 3, 3, 1000]", "the file holds")]
    [InlineData("autoencoder_tiny", "\"num_decoder_blocks\": [3, 3, 3, 1]", "\"num_decoder_blocks\": [3, 3, 1, 3]", "its tensors are not this network's")]
    [InlineData("autoencoder_kl_wan", "\"dropout\": 0.0", "\"dropout\": 0.0, \"non_linearity\": \"gelu\"", "does not know: non_linearity = gelu")]
    [InlineData("autoencoder_kl_wan", "\"dim_mult\": [1, 2, 2]", "\"dim_mult\": [1, 2]", "2 dim_mult and 2 temperal_downsample")]
    [InlineData("autoencoder_kl_wan", "\"dim_mult\": [1, 2, 2]", "\"dim_mult\": [1, 2, 4000]", "the file holds")]
    [InlineData("autoencoder_kl_wan", "\"dim_mult\": [1, 2, 2]", "\"dim_mult\": [1, 2, 1000000000]", "dim_mult = [1, 2, 1000000000]")]
    [InlineData("autoencoder_kl_wan", "\"base_dim\": 4", "\"base_dim\": 9000", "base_dim = 9000; supported is a whole number from 1 to 8192")]
    [InlineData("autoencoder_kl_wan", "\"base_dim\": 4", "\"base_dim\": 6", "of another shape")]
    [InlineData("autoencoder_kl_wan", "\"decoder_base_dim\": null, \"dim_mult\": [1, 2, 2]", "\"decoder_base_dim\": 1, \"dim_mult\": [1, 1, 2]", "no half to decode the next one from")]
    [InlineData("autoencoder_kl_wan", "\"num_res_blocks\": 1", "\"num_res_blocks\": 2", "encoder.down_blocks.1.norm1.gamma")]
    [InlineData("autoencoder_kl_wan", "\"num_res_blocks\": 1", "\"num_res_blocks\": 250", "the file holds")]
    [InlineData("autoencoder_kl_wan", "\"attn_scales\": []", "\"attn_scales\": [1.0]", "encoder.down_blocks.1.to_qkv.weight")]
    [InlineData("autoencoder_kl_wan", "\"attn_scales\": []", "\"attn_scales\": \"all\"", "attn_scales = all; supported is an array of finite numbers")]
    [InlineData("autoencoder_kl_wan", "\"temperal_downsample\": [true, true]", "\"temperal_downsample\": [true, false]", "unexpected (encoder.down_blocks.3.time_conv")]
    [InlineData("autoencoder_kl_wan", "\"temperal_downsample\": [true, true]", "\"temperal_downsample\": [1, 0]", "temperal_downsample = [1, 0]")]
    [InlineData("autoencoder_kl_wan", "\"latents_mean\": [-0.5, -0.2, 0.1, 0.4]", "\"latents_mean\": [-0.5]", "latents_mean and latents_std must both have 4 numbers")]
    [InlineData("autoencoder_kl_wan", "\"latents_mean\": [-0.5, -0.2, 0.1, 0.4]", "\"latents_mean\": null", "latents_mean and latents_std must both have 4 numbers")]
    [InlineData("autoencoder_kl_wan", "\"latents_std\": [0.7,", "\"latents_std\": [0,", "latents_std must be above 0")]
    [InlineData("autoencoder_kl_wan", "\"patch_size\": null", "\"patch_size\": 2", "no multiples of the 4 pixels of a patch_size of 2")]
    [InlineData("autoencoder_kl_wan", "\"is_residual\": false", "\"is_residual\": true", "its tensors are not this network's")]
    [InlineData("autoencoder_kl_wan_22", "\"attn_scales\": []", "\"attn_scales\": [1.0]", "attn_scales must be empty")]
    [InlineData("autoencoder_kl_wan_22", "\"dim_mult\": [1, 2, 2]", "\"dim_mult\": [1, 3, 2]", "a shortcut cannot average 2 channels of 8 pixels to 6 channels")]
    [InlineData("autoencoder_kl_cogvideox", "\"use_quant_conv\": false", "\"use_quant_conv\": true", "use_quant_conv = true; supported is false")]
    [InlineData("autoencoder_kl_cogvideox", "\"shift_factor\": null", "\"shift_factor\": 0.5", "shift_factor, latents_mean and latents_std must be null")]
    [InlineData("autoencoder_kl_cogvideox", "\"latents_std\": null", "\"latents_std\": [1]", "shift_factor, latents_mean and latents_std must be null")]
    [InlineData("autoencoder_kl_cogvideox", "\"temporal_compression_ratio\": 4", "\"temporal_compression_ratio\": 3", "temporal_compression_ratio is 3; it must be 1, 2, 4 or 8")]
    [InlineData("autoencoder_kl_cogvideox", "\"temporal_compression_ratio\": 4", "\"temporal_compression_ratio\": 8", "behind each of 3 levels but the last")]
    [InlineData("autoencoder_kl_cogvideox", "[4, 4, 8]", "[4, 4, 9]", "9 channels cannot be divided among norm_num_groups = 2")]
    [InlineData("autoencoder_kl_cogvideox", "[4, 4, 8]", "[4, 4]", "3 down_block_types and 2 block_out_channels")]
    [InlineData("autoencoder_kl_cogvideox", "[4, 4, 8]", "[4, 4, 16384]", "the file holds")]
    [InlineData("autoencoder_kl_cogvideox", "\"CogVideoXUpBlock3D\", ", "\"UpBlock3D\", ", "up_block_types")]
    [InlineData("autoencoder_kl_cogvideox", "\"layers_per_block\": 1", "\"layers_per_block\": 2", "encoder.down_blocks.0.resnets.1")]
    [InlineData("autoencoder_kl_cogvideox", "\"norm_eps\": 1e-06", "\"norm_eps\": 1e-06, \"use_tiling\": true", "does not know: use_tiling = true")]
    public void AConfigurationThatIsNotTheFilesIsRefusedByName(string fixture, string part, string replacement, string expected)
    {
        var path = PathOf("changed.safetensors");
        Golden.Copy($"models/{fixture}", path, metadata: m =>
        {
            Assert.Contains(part, m["config"], StringComparison.Ordinal);
            m["config"] = m["config"].Replace(part, replacement, StringComparison.Ordinal);
        });

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Autoencoders.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("autoencoder_kl")]
    [InlineData("autoencoder_tiny")]
    [InlineData("autoencoder_kl_wan")]
    [InlineData("autoencoder_kl_wan_22")]
    [InlineData("autoencoder_kl_cogvideox")]
    public void WithoutAClassTheNamesOfTensorsTell(string fixture)
    {
        var path = PathOf("unnamed.safetensors");
        Golden.Copy($"models/{fixture}", path, metadata: m => m.Remove("model_class"));
        using var unnamed = Autoencoders.Load(path);
        using var named = Autoencoders.Load(Fixture(fixture));

        Assert.Equal(named.GetType(), unnamed.GetType());
    }

    [Fact]
    public void OtherNetworksAreNoAutoencodersAndAutoencodersNoNetworks()
    {
        Assert.Equal(["AutoencoderKLWan", "AutoencoderKLCogVideoX", "AutoencoderKL", "AutoencoderTiny"], Autoencoders.Classes);
        Assert.Contains("this is a DiTTransformer2DModel; autoencoders known are AutoencoderKL", Assert.Throws<CheckpointException>(() => Autoencoders.Load(Fixture("dit"))).Message, StringComparison.Ordinal);
        Assert.Contains("this is a AutoencoderKL", Assert.Throws<CheckpointException>(() => Networks.Load(Fixture("autoencoder_kl"))).Message, StringComparison.Ordinal);
        var path = PathOf("unnamed.safetensors");
        Golden.Copy("models/dit", path, metadata: m => m.Remove("model_class"));
        Assert.Contains("those of no autoencoder", Assert.Throws<CheckpointException>(() => Autoencoders.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Float16IsComputedAsFloat32WhereItWouldOverflow()
    {
        using var forced = AutoencoderKL.Load(Fixture("autoencoder_kl"), new() { DType = ScalarType.Float16 });
        Assert.Equal(ScalarType.Float32, forced.Info.DType);
        var path = PathOf("half.safetensors");
        Golden.Copy("models/autoencoder_kl", path, metadata: m => m["config"] = m["config"].Replace("\"force_upcast\": true", "\"force_upcast\": false", StringComparison.Ordinal));
        Assert.Contains("Float16 is for GPUs", Assert.Throws<ArgumentException>(() => AutoencoderKL.Load(path, new() { DType = ScalarType.Float16 })).Message, StringComparison.Ordinal);
    }
}
