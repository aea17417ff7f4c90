using Acceleration.Tests.Caching;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Tokens;

public sealed class SadaTokensTests
{
    [Fact]
    public void BlocksRunOnOneTokenOfEachCellAndOnTheLeastStable()
    {
        using var network = new ChainToy();
        Toy.Run(Sampler.For(network).FlowEuler(12).Use(new SadaTokens(2, 2, 1, 3) { From = 3, To = 10 }).Build(), 2);

        // Scores are there from step 3 on; 3 and 7 are the steps in which all is computed.
        Assert.Equal([16, 16, 16, 16, 7, 7, 7, 16, 7, 7, 16, 16], TokensOf(network, "blocks.1"));
        Assert.Equal(TokensOf(network, "blocks.1"), TokensOf(network, "blocks.2.attention"));
    }

    [Fact]
    public void AfterASkippedStepAllTokensAreComputed()
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(16).Use(new Sada(3, 14, 1) { LagrangeFrom = 3, LagrangeEvery = 100 }).Use(new SadaTokens(2, 2, 1, 3) { From = 3, To = 14, Every = 100 }).Build());
        var skipped = trace.Steps.Select(s => s.ComputedRows == 0).ToArray();
        Assert.Contains(true, skipped);
        var tokens = new Queue<long>(TokensOf(network, "blocks.0"));
        for (var step = 0; step < 16; step++)
        {
            if (!skipped[step])
            {
                var thinned = step is > 3 and < 14 && !skipped[step - 1];
                Assert.Equal(thinned ? 7 : 16, tokens.Dequeue());
            }
        }

        Assert.Empty(tokens);
    }

    [Fact]
    public void TokensThatAreLeftOutKeepWhatTheirBlockMadeOfThem()
    {
        // Bodies that set a constant: what was made before is what would be made now.
        using var network = new SiteToy(adds: false, 0.3, -0.2);
        var (plain, _) = Toy.Run(Sampler.For(network).FlowEuler(12).Build(), 2);
        var (values, trace) = Toy.Run(Sampler.For(network).FlowEuler(12).Use(new SadaTokens(2, 2, 1, 3) { From = 3, To = 10 }).Build(), 2);
        Close.All(plain, values);
        Assert.Contains(trace.Steps.SelectMany(s => s.Decisions), d => d.Skip);
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(3, 3, 15)]
    public void WhereAllTokensAreChosenNoBitChanges(int x, int y, int most)
    {
        using var network = new ChainToy();
        var (plain, _) = Toy.Run(Sampler.For(network).FlowEuler(12).Guidance(2).Build(), 2);
        var (values, _) = Toy.Run(Sampler.For(network).FlowEuler(12).Guidance(2).Use(new SadaTokens(x, y, 1, most) { From = 3, To = 10 }).Build(), 2);
        Assert.Equal(plain, values);
    }

    [Fact]
    public void CoarseGridsAndSolversOfSeveralCallsAreLeftAlone()
    {
        using var network = new UNetToy();
        Toy.Run(Sampler.For(network).FlowEuler(8).Use(new SadaTokens(2, 2, 1, 0) { From = 3, To = 8 }).Build());
        Assert.Contains("several times in a step", Assert.Throws<StrategyConflictException>(() => Sampler.For(network).Solve(new FlowHeun(), new FlowGrid(8)).Use(new SadaTokens()).Build()).Message, StringComparison.Ordinal);
    }

    private static long[] TokensOf(ChainToy network, string site) => [.. network.Calls.Where(c => c.Site == site).Select(c => c.Tokens)];
}
