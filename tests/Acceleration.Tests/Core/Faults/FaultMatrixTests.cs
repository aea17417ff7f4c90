using System.Runtime.InteropServices;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core.Faults;

/// <summary>
/// Whatever goes wrong at whatever moment of a run, before or after any site, in any body, around any step: the caller gets the original exception with step and site, all native memory is released, and the same
/// request gives the same bits afterwards, on the same sampler and network.
/// </summary>
public sealed class FaultMatrixTests : LiveTensorTest
{
    // Of the moments of a stack that are tried; each kind of fault is among them.
    private const int Tried = 9;

    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();
    private readonly FaultSource _faults = new();
    private readonly List<float[]> _states = [];

    public static TheoryData<string> Names => [.. FaultStack.All.Keys];

    protected override void Release() => _faults.Dispose();

    /// <summary>
    /// Every kind at every moment of three guided steps; elsewhere a share of the moments, another one in each stack, with kinds and ways to run in turn. After every third failure, one in each way to run, the
    /// request must be as if nothing had been.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task EveryFaultIsNamedAndLeavesNothing(string name)
    {
        var stack = FaultStack.All[name];
        using var network = stack.Network();
        network.InBody = _faults.InBody;
        var sampler = stack.Build(network, _faults);
        using var condition = stack.Condition();
        var request = new SamplingRequest { Condition = condition, Seed = 5, PreviewEvery = 3 };
        var expected = Undisturbed(sampler, request);
        var moments = _faults.Moments;
        var before = Tensor.TotalCount;

        var all = name == "guidance alone";
        var index = Array.IndexOf([.. FaultStack.All.Keys], name);
        var stride = all ? 1 : Math.Max(1, moments / Tried);
        var tried = 0;
        for (var at = index % stride; at < moments; at += stride)
        {
            foreach (var kind in all ? Kinds : [Kinds[(index + tried) % Kinds.Length]])
            {
                _faults.Arm(at, kind);
                var failure = await Failure(sampler, request, tried++ % 3, expected);
                Assert.NotNull(_faults.Fired);
                RequireNamed(failure, sampler, $"{kind} at moment {at}, {_faults.Fired}");
                Assert.Equal(before, Tensor.TotalCount);
                if (tried % 3 == 0)
                {
                    RequireUndisturbed(sampler, request, expected);
                }
            }
        }

        RequireUndisturbed(sampler, request, expected);
        Assert.True(tried >= Math.Min(moments, Tried), $"{tried} of {moments}");
        Assert.Equal(before, Tensor.TotalCount);
    }

    private void RequireUndisturbed(Sampler sampler, SamplingRequest request, float[] expected)
    {
        _faults.Arm(-1, default);
        Finished(sampler.Generate(request, cancellation: TestContext.Current.CancellationToken), expected);
    }

    private float[] Undisturbed(Sampler sampler, SamplingRequest request)
    {
        _faults.Arm(-1, default);
        using var session = sampler.Start(request);
        do
        {
            _states.Add(session.Latents.Floats());
        }
        while (session.Advance(TestContext.Current.CancellationToken));
        return session.Latents.Floats();
    }

    /// <summary>Runs the request in one of three ways; the exception, or null where it came too late to stop anything.</summary>
    private async Task<Exception?> Failure(Sampler sampler, SamplingRequest request, int way, float[] expected)
    {
        if (way == 0)
        {
            return Record.Exception(() => Finished(sampler.Generate(request, cancellation: _faults.Token), expected));
        }

        return way == 1
            ? await Record.ExceptionAsync(async () => Finished(await sampler.GenerateAsync(request, cancellation: _faults.Token), expected))
            : InASession(sampler, request, expected);
    }

    private static void Finished(SamplingResult result, float[] expected)
    {
        using var _ = result;
        Assert.Equal(expected, result.Latents.Floats());
    }

    private Exception? InASession(Sampler sampler, SamplingRequest request, float[] expected)
    {
        using var session = sampler.Start(request);
        var failure = Record.Exception(() => session.RunToEnd(cancellation: _faults.Token));
        if (failure is null)
        {
            Assert.Equal(expected, session.Latents.Floats());
            return null;
        }

        // Latents and counters are those of the last whole step.
        Assert.Equal(_states[session.Done], session.Latents.Floats());
        Assert.Equal(session.Done, session.Trace.Steps.Count);
        if (_faults.Kind != FaultKind.Cancel)
        {
            Assert.Equal((_faults.Fired!.Value.Step.Stage, _faults.Fired.Value.Step.Index), (session.Stage, session.Step));
            var refused = Assert.Throws<InvalidOperationException>(() => session.Advance(TestContext.Current.CancellationToken));
            Assert.Same(failure, refused.InnerException);
            Assert.Throws<InvalidOperationException>(session.Clone);
        }

        return failure;
    }

    private void RequireNamed(Exception? failure, Sampler sampler, string where)
    {
        var (step, site, inBody) = _faults.Fired!.Value;
        if (_faults.Kind == FaultKind.Cancel)
        {
            // After the last site of the last step nobody asks any more.
            var last = step.IsLast && step.Stage == sampler.Stages.Count - 1;
            Assert.True(failure is OperationCanceledException cancelled ? cancelled.CancellationToken == _faults.Token : failure is null && last, $"{where}: {failure}");
            return;
        }

        // What became of it was replaced by what is remembered: the result is that of an undisturbed run, which has been looked at.
        if (failure is null && _faults.Kind == FaultKind.NotANumber)
        {
            return;
        }

        var named = failure as SamplingException ?? throw new Xunit.Sdk.XunitException($"{where}: {failure?.ToString() ?? "it went on"}");
        Assert.True((named.Step.Stage, named.Step.Index) == (step.Stage, step.Index), $"{where}: {named.Step}");
        var inner = named.InnerException;
        if (inner is NonFiniteException found && _faults.Kind == FaultKind.NotANumber)
        {
            // Seen in what left the network, the guidance or the update.
            Assert.Contains(found.Rows, r => r.Sample is 0 or 1);
            return;
        }

        Assert.True(site is null || named.Site?.Path == site, $"{where}: {named.Site}");
        Assert.True(
            _faults.Kind switch
            {
                FaultKind.OutOfMemory => inner is ExternalException && inner.Message.Contains("can't allocate memory", StringComparison.Ordinal),
                FaultKind.Throw => ReferenceEquals(inner, _faults.Cause),
                _ => ReferenceEquals(inner, _faults.Cause) || (!inBody && inner is InvalidOperationException && inner.Message.Contains("saboteur", StringComparison.Ordinal) && inner.Message.Contains(site ?? "", StringComparison.Ordinal)),
            },
            $"{where}: {inner}");
    }
}
