using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Caching;

/// <summary>Decisions and results of the authors' scripts on recorded network outputs, step by step.</summary>
public sealed class EasyCacheFixtureTests
{
    [Fact]
    public void OneBranchAndTwoEqualTheReference()
    {
        string[] compared = ["results", "computed", "computed rows", "accumulated error", "rate of change", "skipped steps"];
        Golden.Holds("caching/easycache_sequence", [.. compared.Select(c => $"single, {c}"), .. compared.Select(c => $"pair, {c}")]);
    }
}
