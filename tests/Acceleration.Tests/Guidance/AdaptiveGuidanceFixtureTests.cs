using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Guidance;

/// <summary>Whole guided runs of several samples against independent derivations.</summary>
public sealed class AdaptiveGuidanceFixtureTests
{
    [Fact]
    public void EachCaseEqualsTheReference() => Golden.Holds(
        "guidance/adaptive_guidance", "timesteps", "alpha_bar", "active", "decisions", "evaluations", "evaluations of the whole run", "evaluations in the trace", "gamma", "trajectory");

    [Fact]
    public void AGuidedLoopEqualsTheReference() => Golden.Holds(
        "guidance/loop_ddim_cfg",
        "timesteps",
        "output64.alpha_bar",
        "output64.alpha_bar_prev",
        "branches",
        "guided prediction",
        "trajectory",
        "active",
        "evaluations",
        "total evaluations");

    [Fact]
    public void AWholePipelineEqualsTheReference() =>
        Golden.Holds("pipelines/dit_cfg", "timesteps", "step_model_output", "step_sample", "final_sample", "result");
}
