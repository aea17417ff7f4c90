using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Guidance;

/// <summary>Which branches are evaluated, and what stands for those that are not, against independent derivations.</summary>
public sealed class BranchFixtureTests
{
    [Fact]
    public void IntervalsGuideTheStepsOfTheReference() => Golden.Holds("guidance/interval_grid", "guided steps", "ends of the interval", "steps with an extra branch");

    [Fact]
    public void BothStagesOfHeunFollowTheNoiseLevelOfTheirStep() => Golden.Holds(
        "guidance/loop_heun_sigma_interval",
        "timesteps",
        "output.sigmas",
        "steps of calls",
        "noise levels of decisions",
        "branches",
        "guided prediction",
        "trajectory",
        "evaluations",
        "active",
        "total evaluations");

    [Fact]
    public void StepsOfEdmAreGuidedByNumber() => Golden.Holds("guidance/edm_heun_index_interval", "sigmas", "noise levels of the interval", "trajectory", "evaluations", "active", "total evaluations");

    [Fact]
    public void LinearAGIsFittedAsTheReference() => Golden.Holds(
        "guidance/linear_ag",
        "timesteps",
        "alpha_bar",
        "weights of three terms",
        "error of the full form",
        "weights of independent predictions",
        "error of the fit",
        "error of the fit with a ridge",
        "estimated predictions",
        "trajectory of plain guidance",
        "trajectory with estimates",
        "evaluations");
}
