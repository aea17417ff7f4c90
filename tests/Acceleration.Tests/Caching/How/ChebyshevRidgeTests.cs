namespace Acceleration.Tests.Caching;

public sealed class ChebyshevRidgeTests
{
    private static readonly double[] Nodes = [13, 10, 7, 5, 3, 2];

    [Fact]
    public void AsPublishedItShrinksConstants()
    {
        var computed = StepPatterns.Spectrum(20);
        foreach (var step in Enumerable.Range(4, 14).Except(computed))
        {
            double[] nodes = [.. computed.Where(s => s < step).Reverse().Take(6)];
            Assert.InRange(Continued.At(ChebyshevRidge.Published with { Blend = 1 }, _ => 1, step, nodes), 0.73, 0.86);
            Assert.InRange(Continued.At(ChebyshevRidge.Published, _ => 1, step, nodes), 0.89, 0.95);
        }
    }

    [Fact]
    public void AsPublishedItIsTheRidgeOfNormalEquationsAndHalfTheLastDifference()
    {
        // By a program of its own.
        Assert.Equal(0.31997856075947306, Continued.At(ChebyshevRidge.Published with { Blend = 1 }, t => Math.Sin(t / 4), 15, Nodes), 1e-12);
        Assert.Equal(-0.1489258400044952, Continued.At(ChebyshevRidge.Published, t => Math.Sin(t / 4), 15, Nodes), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void WithHardlyAnyRidgeItIsThePolynomialOfItsDegree(int degree)
    {
        var fit = new ChebyshevRidge(degree) { Ridge = 1e-6, Blend = 1 };
        Assert.Equal(Math.Pow(1.5, degree), Continued.At(fit, t => Math.Pow(t / 10, degree), 15, Nodes), 1e-3);
        Assert.True(Math.Abs(Continued.At(fit, t => Math.Pow(t / 10, degree + 1), 15, Nodes) - Math.Pow(1.5, degree + 1)) > 1e-2);
    }

    [Fact]
    public void AStrongRidgeLeavesTheMean() =>
        Assert.Equal(Nodes.Average(), Continued.At(new ChebyshevRidge { Ridge = 1e6, Blend = 1 }, t => t, 15, Nodes), 1e-3);

    [Fact]
    public void TheUnitOfTheAbscissaDoesNotMatter()
    {
        var moved = Array.ConvertAll(Nodes, n => 990 - (37.5 * n));
        Assert.Equal(new ChebyshevRidge().Weights(Nodes, 15), new ChebyshevRidge().Weights(moved, 990 - (37.5 * 15)), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void TheRestIsADampedLine()
    {
        Assert.Equal([.. new Damped(0.5).Weights([13, 10], 15), 0, 0, 0, 0], new ChebyshevRidge { Blend = 0 }.Weights(Nodes, 15));
        Assert.Equal([1.25, -0.25, 0, 0, 0, 0], new ChebyshevRidge { Blend = 0, Slope = 0.25, Undivided = true }.Weights(Nodes, 15));
        Assert.Equal(15, Continued.At(new ChebyshevRidge { Blend = 0, Slope = 1 }, t => t, 15, Nodes), 1e-12);
    }

    [Fact]
    public void TheSpanIsCountedInSteps()
    {
        Assert.Null(new ChebyshevRidge().Refuse(Abscissa.LogSnr));
        Assert.Null(ChebyshevRidge.Published.Refuse(Abscissa.Step));
        Assert.Equal("cheb3un50c spans a number of steps, which Time does not count; use Abscissa.Step, or leave Span out.", ChebyshevRidge.Published.Refuse(Abscissa.Time));
    }

    [Fact]
    public void OtherSettingsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChebyshevRidge(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChebyshevRidge { Ridge = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChebyshevRidge { Blend = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChebyshevRidge { Slope = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChebyshevRidge { Span = 0 });
    }
}
