namespace Acceleration;

/// <summary>The plan of a sampler.</summary>
internal static class SamplerPlan
{
    public static AccelerationPlan Of(Sampler sampler)
    {
        if (sampler.Grid is null && sampler.Staging is null)
        {
            throw new PlanException("schedule", $"this sampler's noise levels or stages were given as they are; describe them with an {nameof(IGrid)} or an {nameof(IStaging)}, for example .Solve(solver, new {nameof(DdimGrid)}(50)).");
        }

        Describe(sampler.Solver, "solver");
        return Whole(sampler, Strategies(sampler));
    }

    /// <summary>The plan of what was learned on a sampler. Noise levels that were given as they are, as by the pipelines of some models, are left to whoever applies it, and the solver with them; what it was calibrated on still names both.</summary>
    public static AccelerationPlan Learned(Sampler sampler, IReadOnlyList<long> size, IReadOnlyList<IStrategy> learned)
    {
        var (plan, added) = (sampler.Grid is null && sampler.Staging is null ? AccelerationPlan.Of(Strategies(sampler)) : Of(sampler), AccelerationPlan.Of(learned));
        return plan with { Guidance = [.. plan.Guidance, .. added.Guidance], Strategies = [.. plan.Strategies, .. added.Strategies], Calibration = Calibration.Of(sampler, size) };
    }

    public static string Tag(Sampler sampler)
    {
        if ((sampler.Grid is not null || sampler.Staging is not null) && Description.Has(sampler.Solver.GetType()))
        {
            // Without a file, a citation would cite nothing.
            var plan = Whole(sampler, sampler.Strategies);
            return plan.Name is null ? plan.Text : plan.Tag;
        }

        return string.Join('+', sampler.Strategies.Select(s => s.Tag).Prepend($"{sampler.Solver.Name}{sampler.Steps}"));
    }

    /// <summary>What a plan can name: no networks, which whoever applies it brings again.</summary>
    private static IStrategy[] Strategies(Sampler sampler)
    {
        IStrategy[] strategies = [.. sampler.Strategies.Where(s => s is not SamplerBuilder.BranchNetwork)];
        foreach (var (strategy, i) in strategies.Select((s, i) => (s, i)))
        {
            Describe(strategy, $"strategies[{i}]");
        }

        return strategies;
    }

    private static AccelerationPlan Whole(Sampler sampler, IReadOnlyList<IStrategy> strategies)
    {
        var plan = AccelerationPlan.Of(strategies) with
        {
            Solver = sampler.Solver,
            Schedule = sampler.Grid,
            Stages = sampler.Staging,
            Clip = sampler.Clip,
            SeparateBranches = sampler.SeparateBranches,
            Calibration = sampler.Calibration,
        };

        // The file may be cited only where nothing was added to what it says.
        return plan.Equals(sampler.Applied) ? sampler.Applied : plan;
    }

    private static void Describe(object entry, string path) => ChoiceForm.Described(entry, path);
}
