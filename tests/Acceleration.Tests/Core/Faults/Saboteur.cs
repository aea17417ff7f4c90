using static TorchSharp.torch;

namespace Acceleration.Tests.Core.Faults;

/// <summary>Stands at every site, around every step and behind every conversion, and goes wrong when its source says so.</summary>
internal sealed record Saboteur(FaultSource Faults, DenoiserInfo Network, IReadOnlyList<IStrategy> Beside) : IStrategy
{
    public string Tag => "saboteur";

    public Requirements Needs => new()
    {
        // The slice phase is nobody's here; a chain and the way attention is computed belong to one strategy alone.
        Sites = [.. Network.Sites.All.Where(s => s.Kind != SiteKind.Chain || !Claims(s, null)).Select(s => new SiteClaim(Where.Path(s.Path), HookPhase.Slice)),
            .. Network.Sites.All.Where(s => s.Kind == SiteKind.SelfAttention && !Claims(s, HookPhase.Attention)).Select(s => new SiteClaim(Where.Path(s.Path), HookPhase.Attention))],
    };

    public IRun Begin(RunInfo info, RunStore store) => new SaboteurRun(Faults);

    private bool Claims(Site site, HookPhase? phase) => Beside.Any(b => b.Needs.Sites.Any(c => (phase is null || c.Phase == phase) && c.Where.Matches(site)));

    private sealed class SaboteurRun(FaultSource faults) : Run, ISiteHook, IChainHook, IAttentionHook, IStepHook, IConvertHook, IUpdateHook
    {
        private static readonly Prediction? None = null;

        public Tensor Before(StepInfo step, Tensor latents)
        {
            faults.Step = step;
            return faults.Outside(latents);
        }

        public Value Invoke(in SiteCall call, Value input, SiteNext next)
        {
            var early = faults.AtSite(call, input);
            return ReferenceEquals(early.Main, input.Main) ? faults.AtSite(call, next.Invoke(input)) : early;
        }

        public Value Invoke(in SiteCall call, Value input, RangeNext next) => faults.AtSite(call, next.Invoke(input, 0, next.Count));

        public Tensor Attend(in SiteCall call, in AttentionInput input, AttentionNext next) => faults.AtSite(call, next.Invoke(input)).Main;

        public Prediction Convert(StepInfo step, Prediction prediction) =>
            ReferenceEquals(faults.Outside(prediction.Output), prediction.Output) ? prediction : None!;

        public Tensor Mean(StepInfo step, Tensor mean, Tensor? noiseScale) => faults.Outside(mean);

        public void After(StepInfo step, Tensor latents, Tensor next)
        {
            if (!ReferenceEquals(faults.Outside(next), next))
            {
                throw faults.Cause;
            }
        }
    }
}
