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
    public void RecordedPipelinesHold(string name) => Golden.Holds("pipelines/" + name, "timesteps", "step_model_output", "step_sample", "final_sample", "result");

    [Theory]
    [InlineData("sd_inpaint", "input.image")]
    [InlineData("sd_inpaint", "input.mask_image")]
    [InlineData("sd_inpaint", "input.noise.0")]
    [InlineData("flux_fill", "input.mask_image")]
    [InlineData("flux_control", "input.control_image")]
    public void EveryPictureAndTheEncodersDrawMatter(string name, string input)
    {
        Golden.Copy("pipelines/" + name, PathOf("off.safetensors"), t => t[input] = t[input] * 0.9);
        File.Copy(Golden.PathOf("models/autoencoder_kl"), PathOf("autoencoder_kl.safetensors"));
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
