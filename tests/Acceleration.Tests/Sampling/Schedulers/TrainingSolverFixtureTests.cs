using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Whole runs of the reference's DDPM, PNDM and LCM, configured from each recording's own metadata.</summary>
public sealed class TrainingSolverFixtureTests
{
    private static readonly string[] Always =
        ["timesteps", "alphas_cumprod", "init_noise_sigma", "steps that draw noise", "step from recorded latents", "model input", "trajectory", "noised samples"];

    [Theory]
    [InlineData("ddpm_fixed_large_trailing")]
    [InlineData("ddpm_fixed_small_linear")]
    [InlineData("ddpm_fixed_small_log_linspace")]
    [InlineData("ddpm_full_20")]
    [InlineData("ddpm_learned_range")]
    [InlineData("ddpm_vpred_cosine")]
    public void DdpmIsTheReferences(string name) =>
        Golden.Holds($"schedulers/{name}", [.. Always, "predicted clean sample", "clean sample of a velocity", "noise of a velocity"]);

    [Theory]
    [InlineData("pndm_prk")]
    [InlineData("pndm_skip_prk")]
    public void PndmIsTheReferences(string name) => Golden.Holds($"schedulers/{name}", Always);

    [Theory]
    [InlineData("lcm_4")]
    [InlineData("lcm_8_vpred")]
    public void LcmIsTheReferences(string name) => Golden.Holds($"schedulers/{name}", [.. Always, "predicted clean sample", "clean sample of a velocity", "noise of a velocity"]);
}
