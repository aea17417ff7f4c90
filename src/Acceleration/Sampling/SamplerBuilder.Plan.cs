namespace Acceleration;

/// <content>Plans.</content>
public sealed partial class SamplerBuilder
{
    /// <summary>
    /// Applies a plan. What it names replaces what was chosen before: its solver, noise levels or stages; its guidance, the guidance that does the same; its strategies, all other strategies. What it leaves open
    /// stays.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="force">Whether to run it on something else than it was calibrated for.</param>
    /// <exception cref="PlanException">The plan contradicts itself, or leaves open what it needs.</exception>
    /// <exception cref="InvalidOperationException">The network has no such noise levels.</exception>
    public SamplerBuilder Plan(AccelerationPlan plan, bool force = false)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.RequireConsistent();
        ApplySolver(plan);
        if (plan.Guidance.Count > 0)
        {
            _strategies.RemoveAll(s => plan.Guidance.Any(g => DoesTheSame(s, g)));
            _strategies.InsertRange(_strategies.TakeWhile(AccelerationPlan.IsGuidance).Count(), plan.Guidance);
        }

        if (plan.Strategies.Count > 0)
        {
            _strategies.RemoveAll(s => !AccelerationPlan.IsGuidance(s));
            _strategies.AddRange(plan.Strategies);
        }

        _separateBranches |= plan.SeparateBranches;
        _applied = plan;
        if (plan.Calibration is not null)
        {
            (_calibration, _forced) = (plan.Calibration, force);
        }

        return this;
    }

    private static bool DoesTheSame(IStrategy a, IStrategy b) =>
        (a.Needs.CombinesBranches && b.Needs.CombinesBranches) || (a.Needs.ChoosesBranches && b.Needs.ChoosesBranches) || a.Needs.OwnBranches.Intersect(b.Needs.OwnBranches).Any()
        || (a.Needs.ChangesGuidance && a.GetType() == b.GetType());

    private void ApplySolver(AccelerationPlan plan)
    {
        // A solver brings its bounds with it, or none.
        var clip = plan.Solver is null ? _clip : plan.Clip;
        if (plan.Stages is { } staging)
        {
            Solve(staging, plan.Solver ?? _solver, clip);
        }
        else if (plan.Schedule is { } grid)
        {
            Solve(plan.Solver ?? _solver ?? throw new PlanException("solver", "the plan names a schedule and leaves the solver open: choose one, for example with .Ddim(steps: 50), before the plan is applied."), grid, clip);
        }
        else if (plan.Solver is not null)
        {
            (_solver, _clip) = (plan.Solver, clip);
        }
    }
}
