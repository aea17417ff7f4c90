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
    [InlineData("deis_flow")]
    [InlineData("dpmpp_2m_flow_mu")]
    [InlineData("dpmpp_2m_flow_shift3")]
    [InlineData("unipc_flow_dynamic_terminal")]
    [InlineData("unipc_flow_given")]
    [InlineData("unipc_flow_karras")]
    [InlineData("unipc_flow_shift3")]
    public void OnFlowsTheyAreTheReferences(string name) => Golden.Holds($"schedulers/{name}", [.. Always.SkipLast(1)]);

    /// <summary>Other orders, step counts around the limit of 15, predictions, shapes and ways to give levels.</summary>
    [Theory]
    [InlineData("deis_order3_n15")]
    [InlineData("dpm_singlestep_3_eps_n12")]
    [InlineData("dpm_singlestep_3_heun_n11")]
    [InlineData("dpm_singlestep_3_n9")]
    [InlineData("dpmpp_2m_cosine_clipped")]
    [InlineData("dpmpp_2m_cosine_karras")]
    [InlineData("dpmpp_2m_given_timesteps")]
    [InlineData("dpmpp_3m_n14")]
    [InlineData("dpmpp_3m_n15")]
    [InlineData("sde_singlestep_3_n7")]
    [InlineData("unipc_order3_bounds")]
    [InlineData("unipc_order3_eps_n15")]
    [InlineData("unipc_order3_full_n8")]
    public void OtherSettingsAreTheReferences(string name) => Golden.Holds($"schedulers/{name}", [.. Always.SkipLast(1)]);
}
