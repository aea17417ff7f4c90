namespace Acceleration;

/// <summary>The published classes. A new one is one line here, and what reads its configuration beside its solver. One that stands here twice is an error at the first use.</summary>
internal static class SchedulerFamilies
{
    public static IReadOnlyDictionary<string, Func<SchedulerConfig, Scheduler>> All { get; } = new SortedDictionary<string, Func<SchedulerConfig, Scheduler>>(StringComparer.Ordinal)
    {
        { "CogVideoXDDIMScheduler", CogVideoXDdimScheduler.Of },
        { "DDIMScheduler", DdimScheduler.Of },
        { "DDPMScheduler", DdpmScheduler.Of },
        { "DEISMultistepScheduler", DeisScheduler.Of },
        { "DPMSolverMultistepScheduler", DpmSolverScheduler.Of },
        { "DPMSolverSinglestepScheduler", DpmSinglestepScheduler.Of },
        { "EDMDPMSolverMultistepScheduler", EdmDpmSolverScheduler.Of },
        { "EDMEulerScheduler", EdmEulerScheduler.Of },
        { "EulerAncestralDiscreteScheduler", EulerAncestralScheduler.Of },
        { "EulerDiscreteScheduler", EulerScheduler.Of },
        { "FlowMatchEulerDiscreteScheduler", FlowEulerScheduler.Of },
        { "FlowMatchHeunDiscreteScheduler", FlowHeunScheduler.Of },
        { "HeunDiscreteScheduler", HeunScheduler.Of },
        { "IPNDMScheduler", IpndmScheduler.Of },
        { "KDPM2AncestralDiscreteScheduler", Kdpm2Scheduler.Ancestral },
        { "KDPM2DiscreteScheduler", Kdpm2Scheduler.Of },
        { "LCMScheduler", LcmScheduler.Of },
        { "LMSDiscreteScheduler", LmsScheduler.Of },
        { "PNDMScheduler", PndmScheduler.Of },
        { "UniPCMultistepScheduler", UniPcScheduler.Of },
    };
}
