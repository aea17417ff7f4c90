namespace Acceleration.Tests.Caching.Methods;

/// <summary>A change that is the threshold: diffusers goes on to compute above it alone, ParaAttention from it on.</summary>
public sealed class FirstBlockEqualityTests
{
    [Fact]
    public void AnEqualChangeSkipsAsInDiffusersOrComputesAsInParaAttention()
    {
        // In binary all quotients that matter are exact: 1.25 is a quarter more than 1, and 1.5 a half.
        using var network = new SteppedChain(1, 1.25, 1.5, 1.25, 1.25);
        string Of(IStrategy strategy) => string.Concat(network.Decide(strategy).Select(d => d.Skip ? 's' : 'C'));
        string First(double threshold, bool inclusive) => Of(new FirstBlockCache(threshold) { Inclusive = inclusive });

        Assert.Equal("CCsss", First(0.25, false));
        Assert.Equal("CsCss", First(0.25, true));

        // Nothing equals it: both say the same. None skips at 0, though the last change is none.
        Assert.Equal("CsCss", First(0.3, false));
        Assert.Equal("CsCss", First(0.3, true));
        Assert.Equal("CCCCC", First(0, true));

        // Within a mask it is the same decision.
        Assert.Equal("CsCCs", Of(new Cached(Where.Chain, new Masked(new AtSteps(0, 3), new FirstBlocksChange(0.25) { Inclusive = true }), How.LastResidual) { Range = new MiddleBlocks(1) }));
    }
}
