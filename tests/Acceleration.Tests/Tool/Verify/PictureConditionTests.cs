using Acceleration.Tool;

namespace Acceleration.Tests.Tool;

/// <summary>Recorded pipelines whose networks are conditioned on pictures, from the pictures on.</summary>
public sealed class PictureConditionTests : ToolTest
{
    [Theory]
    [InlineData("sd_inpaint")]
    [InlineData("sdxl_inpaint")]
    [InlineData("flux_fill")]
    [InlineData("flux_control")]
    [InlineData("cogvideox_i2v")]
    [InlineData("cogvideox15_i2v")]
    [InlineData("wan_i2v")]
    [InlineData("wan_flf2v")]
    public void RecordedPipelinesHold(string name) => Golden.Holds("pipelines/" + name, "timesteps", "step_model_output", "step_sample", "final_sample", "result");

    [Theory]
    [InlineData("sd_inpaint", "input.image")]
    [InlineData("sd_inpaint", "input.mask_image")]
    [InlineData("sd_inpaint", "input.noise.0")]
    [InlineData("flux_fill", "input.mask_image")]
    [InlineData("flux_control", "input.control_image")]
    [InlineData("cogvideox_i2v", "input.image")]
    [InlineData("cogvideox15_i2v", "input.noise.0")]
    [InlineData("wan_i2v", "input.image")]
    [InlineData("wan_i2v", "input.image_embeds")]
    [InlineData("wan_flf2v", "input.last_image")]
    [InlineData("wan_flf2v", "input.image_embeds")]
    public void EveryPictureAndTheEncodersDrawMatter(string name, string input)
    {
        Golden.Copy("pipelines/" + name, PathOf("off.safetensors"), t => t[input] = t[input].flip(-1).contiguous());
        foreach (var autoencoder in new[] { "autoencoder_kl", "autoencoder_kl_wan", "autoencoder_kl_cogvideox" })
        {
            File.Copy(Golden.PathOf("models/" + autoencoder), PathOf(autoencoder + ".safetensors"));
        }

        Assert.Equal(Verdict.Misses, Verification.Of(PathOf("off.safetensors"), cancellation: TestContext.Current.CancellationToken).Verdict);
    }

    [Theory]
    [InlineData("strength", "0.5", "strength = 0.5 is not known yet")]
    [InlineData("padding_mask_crop", "32", "padding_mask_crop = 32 is a setting that is not known here")]
    public void WhatIsNotDoneAgainIsSaid(string key, string value, string expected)
    {
        Golden.Copy("pipelines/sd_inpaint", PathOf("off.safetensors"), metadata: m => m["call"] = m["call"].Replace("{", $"{{\"{key}\": {value}, ", StringComparison.Ordinal));
        File.Copy(Golden.PathOf("models/autoencoder_kl"), PathOf("autoencoder_kl.safetensors"));
        Assert.Contains(expected, Verification.Of(PathOf("off.safetensors"), cancellation: TestContext.Current.CancellationToken).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAnAutoencoderPicturesAreNotUnderstood()
    {
        Golden.Copy("pipelines/sd_inpaint", PathOf("off.safetensors"), metadata: m => m["weights"] = "{\"unet\": \"in this file\"}");
        Assert.Contains("'weights' name no vae", Verification.Of(PathOf("off.safetensors"), cancellation: TestContext.Current.CancellationToken).Reason, StringComparison.Ordinal);
    }
}
