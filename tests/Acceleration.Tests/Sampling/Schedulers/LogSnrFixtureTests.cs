using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Whole runs of the reference's solvers in ln(α/σ), configured from each recording's own metadata.</summary>
public sealed class LogSnrFixtureTests
{
    private static readonly string[] Always =
        ["timesteps", "sigmas", "init_noise_sigma", "steps that draw noise", "step from recorded latents", "model input", "trajectory", "noised samples"];

    [Theory]
    [InlineData("dpm_order2_eps")]
    [InlineData("dpm_order3_eps_heun")]
    [InlineData("dpmpp_2m_20steps_nolower")]
    [InlineData("dpmpp_2m_exponential")]
    [InlineData("dpmpp_2m_heun")]
    [InlineData("dpmpp_2m_karras")]
    [InlineData("dpmpp_2m_leading_euler_final")]
    [InlineData("dpmpp_2m_lu_lambdas")]
    [InlineData("dpmpp_2m_midpoint")]
    [InlineData("dpmpp_2m_sigma_min")]
    [InlineData("dpmpp_2m_thresholding")]
    [InlineData("dpmpp_2m_trailing_vpred")]
    [InlineData("dpmpp_3m")]
    [InlineData("dpmpp_learned_range")]
    [InlineData("dpmpp_order1")]
    [InlineData("sde_dpm_order2")]
    [InlineData("sde_dpmpp_2m_heun_karras")]
    [InlineData("sde_dpmpp_2m_midpoint")]
    [InlineData("sde_dpmpp_order1")]
    public void DpmSolverIsTheReferences(string name) => Golden.Holds($"schedulers/{name}", [.. Always, "alphas_cumprod"]);

    [Theory]
    [InlineData("unipc_order2_bh1_disable_corr")]
    [InlineData("unipc_order2_bh2")]
    [InlineData("unipc_order2_eps")]
    [InlineData("unipc_order3_bh1")]
    [InlineData("unipc_order3_bh2_karras")]
    public void UniPcIsTheReferences(string name) => Golden.Holds($"schedulers/{name}", [.. Always, "alphas_cumprod"]);

    [Theory]
    [InlineData("deis_order2")]
    [InlineData("deis_order3_karras")]
    public void DeisIsTheReferences(string name) => Golden.Holds($"schedulers/{name}", [.. Always, "alphas_cumprod"]);

    [Theory]
    [InlineData("dpm_singlestep_2")]
    public void DpmSinglestepIsTheReferences(string name) => Golden.Holds($"schedulers/{name}", [.. Always, "alphas_cumprod"]);

    [Theory]
    [InlineData("dpmpp_2m_flow_shift3")]
    [InlineData("unipc_flow_shift3")]
    public void OnFlowsTheyAreTheReferences(string name) => Golden.Holds($"schedulers/{name}", Always);
}
