using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Guidance;

/// <summary>Guiders with weakened branches against the reference.</summary>
public sealed class PerturbedGuiderFixtureTests
{
    [Theory]
    [InlineData("slg_image")]
    [InlineData("pag_image")]
    [InlineData("seg_image")]
    [InlineData("autoguidance_image")]
    public void EachCaseEqualsTheReference(string name) => Golden.Holds($"guidance/{name}", "prediction", "prediction in float64", "num_conditions", "active steps");
}
