using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Sampling;

/// <summary>Whole runs with mixed predictions against independent derivations.</summary>
public sealed class DualFastFixtureTests
{
    [Theory]
    [InlineData("ddim", "alpha_bar")]
    [InlineData("ddim_cfg", "alpha_bar")]
    [InlineData("dpmpp2m", "sigmas")]
    [InlineData("dpmpp2m_vpred", "sigmas")]
    [InlineData("unipc", "sigmas")]
    public void EachCaseEqualsTheReference(string solver, string levels) =>
        Golden.Holds($"guidance/dualfast_{solver}", "timesteps", levels, "trajectory without", "trajectory", "noise of the network", "evaluations");
}
