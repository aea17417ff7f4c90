using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core;

/// <summary>Schedules of a million steps: what a step costs does not depend on how many there are, or were.</summary>
public sealed class LongScheduleTests : LiveTensorTest
{
    private const int Window = 100;
    private readonly IDenoiser _net = Toy.Affine(0.5, 0.1, 0.01);
    private readonly string _path = Path.GetTempFileName();

    public LongScheduleTests() => Own(_net);

    public static TheoryData<string> Tags => ["", "+CFG2", "+CFG2+EC0.05", "+CFG2+AG0.999", "+CFG2+SF0", "+CFG2+SF0.5.9.20", "+CFG2+C:network:every3w4:out^1"];

    protected override void Release() => File.Delete(_path);

    [Theory]
    [MemberData(nameof(Tags))]
    public void AStepAllocatesTheSameEarlyAndLateAndInAShortSchedule(string strategies)
    {
        var (early, late) = PerStep(Built(Schedule.MostSteps, strategies));
        var (shortEarly, shortLate) = PerStep(Built(2000, strategies));

        // The trace's list grows by doubling: some bytes for each step.
        Assert.True(late <= (early * 1.1) + 512, $"{early} bytes per step from step 10 on, {late} from step 1000 on.");
        Assert.True(early <= (shortEarly * 1.1) + 512 && late <= (shortLate * 1.1) + 512, $"{early} and {late} bytes per step of a million, {shortEarly} and {shortLate} of 2000.");
    }

    [Fact]
    public void BuildingIsLinearAndStartingConstant()
    {
        Built(1000, "+CFG2+EC0.05+SF0");
        var few = Allocated(() => Built(Schedule.MostSteps / 8, "+CFG2+EC0.05"));
        var many = Allocated(() => Built(Schedule.MostSteps, "+CFG2+EC0.05"));
        Assert.True(many <= few * 9, $"{few} bytes for {Schedule.MostSteps / 8} steps, {many} for {Schedule.MostSteps}.");

        var request = Toy.Request();
        using var condition = request.Condition;
        var (small, large) = (Built(100, "+CFG2+EC0.05"), Built(Schedule.MostSteps, "+CFG2+EC0.05"));
        small.Start(request).Dispose();
        var (shortStart, longStart) = (Allocated(() => small.Start(request).Dispose()), Allocated(() => large.Start(request).Dispose()));

        // Numbers of more digits and longer tables of places, but nothing for each of ten thousand times as many steps.
        Assert.True(longStart <= shortStart + 4096, $"{shortStart} bytes for 100 steps, {longStart} for {Schedule.MostSteps}.");
    }

    [Fact]
    public void SavingASessionAgainDoesNotReadAllNoiseLevelsAgain()
    {
        var sampler = Built(Schedule.MostSteps, "+CFG2+EC0.05");
        var request = Toy.Request();
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        session.Advance(TestContext.Current.CancellationToken);
        session.Save(_path);
        Assert.InRange(Allocated(() => session.Save(_path)), 0, 1 << 20);
        session.Advance(TestContext.Current.CancellationToken);
        Assert.InRange(Allocated(() => SamplingSession.Load(sampler, _path).Dispose()), 0, 4 << 20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADecisionKnownBeforeTheRunIsNotLookedUpForAllStepsInEach(bool clones)
    {
        const int steps = 3000;
        var when = new Counted();
        var sampler = Sampler.For(_net).FlowEuler(steps).Use(new Cached(Where.Network, when, How.LastValue)).Build();
        var request = Toy.Request();
        using var condition = request.Condition;
        var session = sampler.Start(request);
        try
        {
            while (session.Advance(TestContext.Current.CancellationToken))
            {
                if (clones && session.Step % 1000 == 0)
                {
                    // What a clone has not looked up yet is looked up once.
                    var clone = session.Clone();
                    session.Dispose();
                    session = clone;
                }
            }

            Assert.Equal(steps / 1000, session.Trace.Steps.Count(s => s.ComputedRows > 0));
            Assert.InRange(when.Asked, steps, 6 * steps);
        }
        finally
        {
            session.Dispose();
        }
    }

    private Sampler Built(int steps, string strategies) => Sampler.For(_net).Plan(AccelerationPlan.Parse($"flow-euler{steps}{strategies}")).Build();

    /// <summary>Bytes per step of a hundred steps from the 10th and from the 1000th on.</summary>
    private static (long Early, long Late) PerStep(Sampler sampler)
    {
        var request = Toy.Request();
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        To(10);
        var early = Allocated(() => To(10 + Window));
        To(1000);
        return (early / Window, Allocated(() => To(1000 + Window)) / Window);

        void To(int step)
        {
            while (session.Step < step)
            {
                session.Advance(TestContext.Current.CancellationToken);
            }
        }
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Computes every thousandth step, and counts how often it is asked.</summary>
    private sealed record Counted : StaticWhen
    {
        public long Asked { get; private set; }

        public override string Tag => "counted";

        public override bool Skips(StepInfo step)
        {
            Asked++;
            return step.Index % 1000 != 0;
        }
    }
}
