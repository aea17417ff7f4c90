using Acceleration.Reporting;

namespace Acceleration.Tests.Reporting;

public sealed class BaselinePaceTests
{
    [Fact]
    public void PartsAreJoinedByStraightLines()
    {
        var pace = new BaselinePace();
        pace.Add(0, 2, 0.2);
        pace.Add(10, 14, 0.2);
        pace.Add(20, 22, 0.1);

        Assert.Equal(10, pace.During(-5, -4), 12);
        Assert.Equal(15, pace.During(6, 7), 12);
        Assert.Equal(20, pace.During(14, 18), 12);
        Assert.Equal(20, pace.During(90, 99), 12);
        Assert.Equal(new(20, 10, 20), pace.Spread);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.3)]
    public void WhatAMachineLosesOrGainsInTheMeantimeIsNotASpeedUp(double factor)
    {
        // A clock of work: a second of work takes 1 s before moment 100 and `factor` seconds after it. The baseline is 10 s of work, everything else 4: a speed-up of 2.5.
        var (pace, now) = (new BaselinePace(), 0.0);
        double Work(double seconds) => now += seconds * (now < 100 ? 1 : factor);
        var runs = new List<(double Begun, double Ended)>();
        pace.Add(now, Work(10), 1);
        while (runs.Count < 40)
        {
            var begun = now;
            runs.Add((begun, Work(4)));
            begun = now;
            pace.Add(begun, Work(1), 0.1);
        }

        var speedups = runs.Select(r => pace.During(r.Begun, r.Ended) / (r.Ended - r.Begun)).ToArray();

        // Only the run beside the change is off.
        Assert.Equal(39, speedups.Count(s => Math.Abs(s - 2.5) < 1e-9));
    }
}
