using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Whole runs of the reference's schedulers in sigma space, and of Heun's method on flows, configured from each recording's own metadata.</summary>
public sealed class SigmaFixtureTests
{
    private static readonly string[] Always =
        ["timesteps", "sigmas", "init_noise_sigma", "steps that draw noise", "step from recorded latents", "model input", "trajectory"];

    [Theory]
    [InlineData("euler_beta")]
    [InlineData("euler_churn")]
    [InlineData("euler_exponential")]
    [InlineData("euler_karras")]
    [InlineData("euler_leading")]
    [InlineData("euler_linspace")]
    [InlineData("euler_sigma_min_final")]
    [InlineData("euler_trailing")]
    [InlineData("euler_vpred_trailing_zsnr")]
    public void EulerIsTheReferences(string name) =>
        Golden.Holds($"schedulers/{name}", [.. Always, "alphas_cumprod", "predicted clean sample", "noised samples", "clean sample of a velocity", "noise of a velocity"]);

    [Theory]
    [InlineData("euler_ancestral_leading")]
    [InlineData("euler_ancestral_vpred_trailing")]
    [InlineData("heun_karras")]
    [InlineData("heun_linspace")]
    [InlineData("kdpm2")]
    [InlineData("lms_karras_order3")]
    [InlineData("lms_linspace")]
    public void OtherSolversInSigmaSpaceAreTheReferences(string name) =>
        Golden.Holds($"schedulers/{name}", [.. Always, "alphas_cumprod", "predicted clean sample", "noised samples"]);

    [Fact]
    public void EdmEulerIsTheReferences() => Golden.Holds("schedulers/edm_euler", [.. Always, "predicted clean sample", "noised samples"]);

    [Theory]
    [InlineData("flow_heun_shift1")]
    [InlineData("flow_heun_shift3")]
    public void FlowHeunIsTheReferences(string name) => Golden.Holds($"schedulers/{name}", Always);
}
