using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core;

public sealed class ProgressTests : LiveTensorTest
{
    private static readonly double[] Sigmas = [1, 0.8, 0.6, 0.4, 0.2];

    private sealed class Told(Action<SamplingProgress> report) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => report(value);
    }

    [Fact]
    public void EveryStepIsReportedAndEverySecondHasAPreview()
    {
        const float c = 0.25f;
        using var net = Toy.Constant(c);
        var request = Toy.Request(2) with { PreviewEvery = 2 };
        using var condition = request.Condition;
        var reports = new List<SamplingProgress>();
        using var session = Sampler.For(net).Solve(new FlowEuler(), FlowSchedule.FromSigmas(Sigmas)).Build().Start(request);
        var first = session.Latents.Floats();
        session.RunToEnd(new Told(reports.Add), TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3, 4, 5], reports.Select(r => r.Step));
        Assert.All(reports, r => Assert.Equal(5, r.Steps));
        Assert.Equal(session.Trace.Steps, reports.Select(r => r.Trace));
        Assert.Equal([false, true, false, true, false], reports.Select(r => r.Preview is not null));
        // With a constant velocity every step predicts the same clean sample, x(1) − c.
        Assert.Equal([2, 1, 4, 4], reports[1].Preview!.Shape);
        Assert.All([1, 3], i => Near([.. first.Select(x => x - c)], reports[i].Preview!.Values));
        Near(reports[3].Preview!.Values, session.Preview().Values);
    }

    [Fact]
    public void WithoutPreviewsThereIsNone()
    {
        using var net = Toy.Constant(0.25);
        var request = Toy.Request();
        using var condition = request.Condition;
        using var session = Sampler.For(net).FlowEuler(2).Build().Start(request);
        session.RunToEnd(new Told(r => Assert.Null(r.Preview)), TestContext.Current.CancellationToken);
        Assert.Contains("set SamplingRequest.PreviewEvery", Assert.Throws<InvalidOperationException>(() => session.Preview()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AfterAFailingCallbackTheSessionGoesOn(int failing)
    {
        using var net = Toy.Constant(0.25);
        var sampler = Sampler.For(net).FlowEuler(3, stochastic: true).Build();
        var expected = Toy.Run(sampler).Values;
        var request = Toy.Request() with { PreviewEvery = 1 };
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        var consumer = new Told(r => Assert.True(r.Step != failing || r.Preview!.Values[99] == 0));
        var e = Assert.Throws<SamplingException>(() => session.RunToEnd(consumer, TestContext.Current.CancellationToken));
        Assert.IsType<IndexOutOfRangeException>(e.InnerException);
        Assert.Equal((failing - 1, failing), (e.Step.Index, session.Done));
        session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(expected, session.Latents.Floats());
    }

    [Fact]
    public async Task ACallbackMayCancel()
    {
        using var net = Toy.Constant(0.25);
        using var source = new CancellationTokenSource();
        var progress = new Told(_ =>
        {
            source.Cancel();
            source.Token.ThrowIfCancellationRequested();
        });
        var request = Toy.Request();
        using var condition = request.Condition;
        var task = Sampler.For(net).FlowEuler(3).Build().GenerateAsync(request, progress, source.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.True(task.IsCanceled);
    }

    [Fact]
    public async Task AFailingCallbackEndsTheRequestAndIsNamed()
    {
        using var net = Toy.Constant(0.25);
        var sampler = Sampler.For(net).FlowEuler(3).Build();
        var expected = Toy.Run(sampler).Values;
        var failure = new FormatException("mine");
        var progress = new Told(r => Assert.True(r.Step == 2 ? throw failure : r.Step == 1));
        var request = Toy.Request();
        using var condition = request.Condition;
        SamplingException[] failures =
        [
            Assert.Throws<SamplingException>(() => sampler.Generate(request, progress, TestContext.Current.CancellationToken)),
            await Assert.ThrowsAsync<SamplingException>(() => sampler.GenerateAsync(request, progress, TestContext.Current.CancellationToken)),
        ];
        Assert.All(failures, e =>
        {
            Assert.Same(failure, e.InnerException);
            Assert.Equal((1, null), (e.Step.Index, e.Site));
            Assert.StartsWith("Sampling failed at step 2 of 3 (time ", e.Message, StringComparison.Ordinal);
            Assert.EndsWith(", in the progress callback: mine", e.Message, StringComparison.Ordinal);
        });
        Assert.Equal(expected, Toy.Run(sampler).Values);
    }
}
