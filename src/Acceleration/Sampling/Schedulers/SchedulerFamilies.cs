namespace Acceleration;

/// <summary>The published classes. A new one is one line here, and what reads its configuration beside its solver.</summary>
internal static class SchedulerFamilies
{
    public static IReadOnlyDictionary<string, Func<SchedulerConfig, Scheduler>> All { get; } = new SortedDictionary<string, Func<SchedulerConfig, Scheduler>>(StringComparer.Ordinal)
    {
        ["DDIMScheduler"] = DdimScheduler.Of,
        ["DEISMultistepScheduler"] = DeisScheduler.Of,
        ["DPMSolverMultistepScheduler"] = DpmSolverScheduler.Of,
        ["DPMSolverSinglestepScheduler"] = DpmSinglestepScheduler.Of,
        ["FlowMatchEulerDiscreteScheduler"] = FlowEulerScheduler.Of,
        ["UniPCMultistepScheduler"] = UniPcScheduler.Of,
        ["DDPMScheduler"] = DdpmScheduler.Of,
        ["DPMSolverMultistepScheduler"] = DpmSolverScheduler.Of,
        ["EDMEulerScheduler"] = EdmEulerScheduler.Of,
        ["EulerAncestralDiscreteScheduler"] = EulerAncestralScheduler.Of,
        ["EulerDiscreteScheduler"] = EulerScheduler.Of,
        ["DPMSolverSinglestepScheduler"] = DpmSinglestepScheduler.Of,
        ["FlowMatchEulerDiscreteScheduler"] = FlowEulerScheduler.Of,
        ["UniPCMultistepScheduler"] = UniPcScheduler.Of,
        ["DDPMScheduler"] = DdpmScheduler.Of,
        ["DEISMultistepScheduler"] = DeisScheduler.Of,
        ["DPMSolverMultistepScheduler"] = DpmSolverScheduler.Of,
        ["DPMSolverSinglestepScheduler"] = DpmSinglestepScheduler.Of,
        ["EDMEulerScheduler"] = EdmEulerScheduler.Of,
        ["EulerAncestralDiscreteScheduler"] = EulerAncestralScheduler.Of,
        ["EulerDiscreteScheduler"] = EulerScheduler.Of,
        ["FlowMatchEulerDiscreteScheduler"] = FlowEulerScheduler.Of,
        ["FlowMatchHeunDiscreteScheduler"] = FlowHeunScheduler.Of,
        ["HeunDiscreteScheduler"] = HeunScheduler.Of,
        ["IPNDMScheduler"] = IpndmScheduler.Of,
        ["KDPM2AncestralDiscreteScheduler"] = Kdpm2Scheduler.Ancestral,
        ["KDPM2DiscreteScheduler"] = Kdpm2Scheduler.Of,
        ["LCMScheduler"] = LcmScheduler.Of,
        ["LMSDiscreteScheduler"] = LmsScheduler.Of,
        ["PNDMScheduler"] = PndmScheduler.Of,
    };
}
