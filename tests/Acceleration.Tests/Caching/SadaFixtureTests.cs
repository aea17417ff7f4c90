using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Caching;

/// <summary>Runs of the authors' schedulers: decisions, latents, criterion and tokens.</summary>
public sealed class SadaFixtureTests
{
    [Theory]
    [InlineData("dpmpp")]
    [InlineData("dpmpp_lagrange")]
    [InlineData("euler")]
    [InlineData("flow")]
    public void ARunEqualsTheReference(string name)
    {
        string[] compared = ["timesteps", "sigmas", "latents", "model outputs", "steps that ran the network", "decisions", "steps with tokens", "kept tokens", "steps not computed"];
        Golden.Holds($"caching/sada_{name}", name == "flow" ? compared : [.. compared, "criterion"]);
    }
}
