using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core;

/// <summary>A cancelled request stops between blocks and leaves no tensor (the base class counts).</summary>
public sealed class CancellationTests : LiveTensorTest
{
    private readonly ChainToy _net = new(blocks: 4);

    public CancellationTests() => Own(_net);

    private Sampler Sampler => Acceleration.Sampler.For(_net).FlowEuler(3).Guidance(2).Use(new EasyCache(0.1)).Build();

    /// <summary>Cancels in block 1 of step 2.</summary>
    private CancellationTokenSource CancelInside()
    {
        _net.Calls.Clear();
        var source = new CancellationTokenSource();
        _net.InBlock = block =>
        {
            if (block == 1 && _net.CountOf("blocks.1") == 2)
            {
                source.Cancel();
            }
        };
        return source;
    }

    [Fact]
    public void InsideAStep()
    {
        var expected = Toy.Run(Sampler, 2).Values;
        using var source = CancelInside();
        var request = Toy.Request(2);
        using var condition = request.Condition;
        Assert.Throws<OperationCanceledException>(() => Sampler.Generate(request, cancellation: source.Token));
        Assert.Equal((2, 1), (_net.CountOf("blocks.1"), _net.CountOf("blocks.2")));
        _net.InBlock = null;
        Assert.Equal(expected, Toy.Run(Sampler, 2).Values);
    }

    [Fact]
    public async Task OnAnotherThread()
    {
        using var source = CancelInside();
        var request = Toy.Request(2);
        using var condition = request.Condition;
        var task = Sampler.GenerateAsync(request, cancellation: source.Token);
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.True(task.IsCanceled);
        Assert.Equal(source.Token, e.CancellationToken);
    }

    [Fact]
    public async Task BeforeTheStart()
    {
        var request = Toy.Request();
        using var condition = request.Condition;
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Sampler.GenerateAsync(request, cancellation: cancelled));
        Assert.Throws<OperationCanceledException>(() => Sampler.Generate(request, cancellation: cancelled));
        Assert.Empty(_net.Calls);
    }

    [Fact]
    public void ASessionCanBeDisposedAfterwards()
    {
        using var source = CancelInside();
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = Sampler.Start(request);
        session.Advance(source.Token);
        Assert.Throws<OperationCanceledException>(() => session.Advance(source.Token));
        Assert.Equal(1, session.Done);
    }
}
