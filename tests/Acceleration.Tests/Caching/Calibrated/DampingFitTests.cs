namespace Acceleration.Tests.Caching.Calibrated;

public sealed class DampingFitTests
{
    [Fact]
    public void TheFactorThatMadeTheOutputsIsFound()
    {
        var random = new Random(1);
        var fit = new DampingFit(2);
        for (var sample = 0; sample < 5; sample++)
        {
            float[] Draw() => [.. Enumerable.Range(0, 64).Select(_ => (float)random.NextDouble())];
            var (last, line) = (Draw(), Draw());
            float[] Made(float alpha) => [.. last.Zip(line, (a, b) => a + (alpha * (b - a)))];
            fit.Add(1, Made(0.9f), last, line);
            fit.Add(2, Made(0.4f), last, line);
        }

        Assert.Equal([0.9, 0.4], fit.Fit(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void NoOtherFactorLeavesLess()
    {
        var random = new Random(2);
        var fit = new DampingFit(1);
        List<(float[] Output, float[] Last, float[] Line)> added = [];
        for (var sample = 0; sample < 4; sample++)
        {
            float[] Draw() => [.. Enumerable.Range(0, 32).Select(i => (float)(random.NextDouble() + (i * 0.1)))];
            added.Add((Draw(), [.. Draw().Select(v => v - 2)], Draw()));
            fit.Add(1, added[^1].Output, added[^1].Last, added[^1].Line);
        }

        double Error(double alpha) => added.Sum(a => a.Output.Select((y, i) => Math.Pow(y - a.Last[i] - (alpha * (a.Line[i] - a.Last[i])), 2)).Sum());
        var found = fit.Fit()[0];
        Assert.InRange(found, 0.8, 1.2);
        Assert.All(new[] { -0.1, -1e-3, 1e-3, 0.1 }, by => Assert.True(Error(found + by) > Error(found)));
    }

    [Fact]
    public void FactorsAreBounded()
    {
        var fit = new DampingFit(2);
        fit.Add(1, [9], [0], [1]);
        fit.Add(2, [-9], [0], [1]);
        Assert.Equal([1.2, 0], fit.Fit());
        Assert.Equal([2, 0], fit.Fit(2));
        Assert.Equal(new Damped(1.2, 0), new Damped(fit.Fit()));
    }

    [Fact]
    public void WhatIsNotDeterminedIsNamed()
    {
        var fit = new DampingFit(2);
        fit.Add(1, [9], [0], [1]);
        fit.Add(2, [9], [1], [1]);
        Assert.Contains("2 steps since the last computed one", Assert.Throws<InvalidOperationException>(() => fit.Fit()).Message);
        Assert.Throws<ArgumentException>(() => fit.Add(1, [1], [1, 2], [1]));
        Assert.Throws<ArgumentException>(() => fit.Add(1, [float.NaN], [1], [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Add(3, [1], [1], [1]));
    }
}
