using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>What solvers with a history remember belongs to the session: it can be cloned, saved, and cut into samples, with strategies beside it, and nothing is left.</summary>
public sealed class LogSnrSessionTests : LiveTensorTest
{
    private readonly ChainToy _net = new();
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"log-snr-{Guid.NewGuid():N}.session");

    public LogSnrSessionTests() => Own(_net);

    public static TheoryData<ISolver> Solvers => [new DpmSolver(3), new DpmSolver { Algorithm = DpmAlgorithm.StochasticPlusPlus }, new DpmSinglestep(3), new UniPc(3), new Deis(3)];

    protected override void Release() => File.Delete(_file);

    [Theory]
    [MemberData(nameof(Solvers))]
    public void AClonedOrSavedSessionGoesOnBitForBit(ISolver solver)
    {
        var sampler = Guided(solver);
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        for (var k = 0; k < 4; k++)
        {
            session.Advance(TestContext.Current.CancellationToken);
        }

        session.Save(_file);
        using var clone = session.Clone();
        using var loaded = SamplingSession.Load(sampler, _file);
        foreach (var s in (SamplingSession[])[session, clone, loaded])
        {
            s.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        }

        Same(session.Latents, clone.Latents);
        Same(session.Latents, loaded.Latents);
    }

    [Theory]
    [MemberData(nameof(Solvers))]
    public void ASampleComesOutOfABatchAsItWouldAlone(ISolver solver)
    {
        var sampler = Guided(solver);
        var (both, _) = Toy.Run(sampler, 2);
        var (first, _) = Toy.Run(sampler);
        Near(first, both[..first.Length]);
    }

    [Theory]
    [MemberData(nameof(Solvers))]
    public void NeutralStrategiesChangeNothing(ISolver solver)
    {
        var plain = Sampler.For(_net).Solve(solver, new FlowMultistepGrid(10, 2) { StartsBelow = true }).Guidance(2.5).Build();
        var neutral = Sampler.For(_net).Solve(solver, new FlowMultistepGrid(10, 2) { StartsBelow = true }).Guidance(2.5).Use(new EasyCache(0)).Use(new AdaptiveGuidance(1.5)).Build();
        Assert.Equal(Toy.Run(plain, 2).Values, Toy.Run(neutral, 2).Values);
    }

    private Sampler Guided(ISolver solver) =>
        Sampler.For(_net).Solve(solver, new FlowMultistepGrid(10, 2) { StartsBelow = true }).Guidance(2.5).Use(new EasyCache(0.5, 2)).Use(new AdaptiveGuidance(0.9)).Build();
}
