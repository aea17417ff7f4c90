using static TorchSharp.torch;

namespace Acceleration.Tests.Toys;

internal delegate Value OnSite(SiteCall call, Value input, SiteNext next);

internal delegate Value OnChain(SiteCall call, Value input, RangeNext next);

internal delegate Tensor OnAttention(SiteCall call, AttentionInput input, AttentionNext next);

/// <summary>A strategy made of a test's lambdas.</summary>
internal sealed record Probe(string Tag) : IStrategy
{
    public Requirements Needs { get; init; } = new();

    /// <summary>Makes the run.</summary>
    public required Func<RunInfo, RunStore, IRun> Start { get; init; }

    public static Probe Site(Where where, OnSite hook, HookPhase phase = HookPhase.Cache, string tag = "site-probe") => new(tag)
    {
        Needs = new() { Sites = [new(where, phase)] },
        Start = (_, store) => new SiteRun(hook, store),
    };

    public static Probe Chain(OnChain hook, string tag = "chain-probe", params IReadOnlyList<Signal> signals) => new(tag)
    {
        Needs = new() { Sites = [new(Where.Chain, HookPhase.Cache)], Signals = signals },
        Start = (_, store) => new ChainRun(hook, store),
    };

    public static Probe Attention(OnAttention hook, string tag = "attention-probe") => new(tag)
    {
        Needs = new() { Sites = [new(Where.Attention, HookPhase.Attention)] },
        Start = (_, _) => new AttentionRun(hook),
    };

    public static Probe Step(Func<StepInfo, Tensor, Tensor>? before = null, Action<StepInfo, Tensor, Tensor>? after = null) => new("step-probe")
    {
        Start = (_, _) => new StepRun(before, after),
    };

    public IRun Begin(RunInfo info, RunStore store) => Start(info, store);

    /// <summary>A run for a hand-made evaluation: the store is its own.</summary>
    internal sealed class SiteRun(OnSite hook, RunStore store) : Run, ISiteHook
    {
        public RunStore Store => store;

        public Value Invoke(in SiteCall call, Value input, SiteNext next) => hook(call, input, next);
    }

    internal sealed class ChainRun(OnChain hook, RunStore store) : Run, IChainHook
    {
        public RunStore Store => store;

        public Value Invoke(in SiteCall call, Value input, RangeNext next) => hook(call, input, next);
    }

    private sealed class AttentionRun(OnAttention hook) : Run, IAttentionHook
    {
        public Tensor Attend(in SiteCall call, in AttentionInput input, AttentionNext next) => hook(call, input, next);
    }

    private sealed class StepRun(Func<StepInfo, Tensor, Tensor>? before, Action<StepInfo, Tensor, Tensor>? after) : Run, IStepHook
    {
        public Tensor Before(StepInfo step, Tensor latents) => before?.Invoke(step, latents) ?? latents;

        public void After(StepInfo step, Tensor latents, Tensor next) => after?.Invoke(step, latents, next);
    }
}
