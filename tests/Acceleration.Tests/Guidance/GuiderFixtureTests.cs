using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Guidance;

/// <summary>The guiders of the reference: every case of recorded predictions, and whole runs, configured from each recording's own metadata.</summary>
public sealed class GuiderFixtureTests
{
    [Theory]
    [InlineData("cfg_image")]
    [InlineData("cfg_video")]
    [InlineData("apg_image", "momentum")]
    [InlineData("apg_video", "momentum")]
    [InlineData("apg_mix_image", "momentum")]
    [InlineData("cfg_zero_star_image")]
    [InlineData("cfg_zero_star_video")]
    [InlineData("tcfg_image")]
    [InlineData("tcfg_video")]
    [InlineData("mambo_g_image")]
    [InlineData("mambo_g_video")]
    [InlineData("fdg_image")]
    [InlineData("fdg_image_3levels")]
    [InlineData("fdg_image_padded")]
    public void CombinationsAreTheReferences(string name, params string[] more) =>
        Golden.Holds($"guidance/{name}", ["prediction", "prediction in float64", "num_conditions", "active steps", .. more]);

    [Theory]
    [InlineData("loop_ddim_cfg")]
    [InlineData("loop_ddim_apg")]
    [InlineData("loop_ddim_interval")]
    [InlineData("loop_ddim_vpred_rescale")]
    [InlineData("loop_dpmpp_cfg")]
    [InlineData("loop_flow_zero_star")]
    public void GuidedRunsAreTheReferences(string name) => Golden.Holds(
        $"guidance/{name}", "timesteps", "branches", "guided prediction", "step from recorded latents", "trajectory", "active", "evaluations", "total evaluations");

    [Fact]
    public void TheRescaleIsTheReferences() => Golden.Holds("guidance/rescale_alone", "rescaled", "rescaled in float64");

    [Fact]
    public void CleanSamplesAndNoiseFromDifferentGuidanceAreTheReferences() =>
        Golden.Holds("guidance/cfgpp_ddim", "timesteps", "alpha_bar", "predicted clean sample", "trajectory");
}
