namespace Acceleration.Tests.Caching;

public sealed class DampedTests
{
    [Fact]
    public void OneIsTheLineAndZeroTheLastEntry()
    {
        Assert.Equal(new Polynomial(1).Weights([9, 4], 11), new Damped(1).Weights([9, 4], 11), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([1, 0], new Damped(0).Weights([9, 4], 11));
        Assert.Equal([1], new Damped(1).Weights([9], 11));
    }

    [Fact]
    public void APartOfALineIsMadeOfIt()
    {
        foreach (var alpha in new[] { 0.3, 0.8, 1.2 })
        {
            Assert.Equal(19 + (alpha * 4), Continued.At(new Damped(alpha), t => 1 + (2 * t), 11, 9, 4), 1e-12);
        }
    }

    [Fact]
    public void FactorsFollowTheStepsSinceTheLastEntry()
    {
        var damped = new Damped(0.9, 0.5, 0.2);
        double[] parts = [.. new[] { 10, 11, 12, 20 }.Select(t => (Continued.At(damped, x => x, t, 9, 4) - 9) / (t - 9))];
        Assert.Equal([0.9, 0.5, 0.2, 0.2], parts, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void UndividedItAddsTheLastDifferenceWhateverTheDistances()
    {
        var faster = new Damped(0.5) { Undivided = true };
        Assert.Equal([1.5, -0.5], faster.Weights([9, 4], 10));
        Assert.Equal([1.5, -0.5], faster.Weights([9, 8], 12));
    }

    [Fact]
    public void FactorsForStepsNeedSteps()
    {
        Assert.Null(new Damped(0.9).Refuse(Abscissa.LogSnr));
        Assert.Null(new Damped(0.9, 0.5).Refuse(Abscissa.Step));
        Assert.Equal("damped0.9/0.5 has factors for 1 to 2 steps, which LogSnr does not count; use Abscissa.Step, or one factor.", new Damped(0.9, 0.5).Refuse(Abscissa.LogSnr));
    }

    [Fact]
    public void FactorsAreFiniteAndEqualByValue()
    {
        Assert.Throws<ArgumentException>(() => new Damped());
        Assert.Contains("got [1, NaN]", Assert.Throws<ArgumentException>(() => new Damped(1, double.NaN)).Message);
        Assert.Equal(new Damped(1, 0.5), new Damped(1, 0.5));
        Assert.Equal(new Damped(1, 0.5).GetHashCode(), new Damped(1, 0.5).GetHashCode());
        Assert.NotEqual(new Damped(1, 0.5), new Damped(1, 0.5) { Undivided = true });
    }
}
