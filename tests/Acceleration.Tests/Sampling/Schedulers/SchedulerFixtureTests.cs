using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Whole runs of the reference schedulers, configured from each recording's own metadata.</summary>
public sealed class SchedulerFixtureTests
{
    private static readonly string[] Always =
        ["timesteps", "init_noise_sigma", "steps that draw noise", "step from recorded latents", "model input", "trajectory", "noised samples"];

    [Theory]
    [InlineData("ddim_clip_usemodel_eta1")]
    [InlineData("ddim_leading_eta0")]
    [InlineData("ddim_leading_eta05")]
    [InlineData("ddim_linspace_clip")]
    [InlineData("ddim_sample_cosine")]
    [InlineData("ddim_thresholding")]
    [InlineData("ddim_trailing_eta0")]
    [InlineData("ddim_vpred_zsnr_trailing")]
    public void DdimIsTheReferences(string name) =>
        Golden.Holds($"schedulers/{name}", [.. Always, "alphas_cumprod", "predicted clean sample", "clean sample of a velocity", "noise of a velocity"]);

    [Theory]
    [InlineData("flow_euler_dynamic_exponential")]
    [InlineData("flow_euler_dynamic_linear")]
    [InlineData("flow_euler_karras")]
    [InlineData("flow_euler_shift1")]
    [InlineData("flow_euler_shift3")]
    [InlineData("flow_euler_shift_terminal")]
    [InlineData("flow_euler_stochastic")]
    public void FlowEulerIsTheReferences(string name) => Golden.Holds($"schedulers/{name}", [.. Always, "sigmas"]);
}
