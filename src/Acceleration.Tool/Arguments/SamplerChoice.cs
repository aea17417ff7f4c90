namespace Acceleration.Tool;

/// <summary>How the command line asks a network to be sampled.</summary>
/// <param name="Steps">Steps; null for 50, or the plan's.</param>
/// <param name="Guidance">Guidance scale; null for 2, or the plan's.</param>
/// <param name="Force">Whether a plan runs on something else than it was calibrated for.</param>
internal sealed record SamplerChoice(int? Steps, double? Guidance, bool Force)
{
    /// <summary>Strategies where a plan names none; null for none. Which ones they are is known with the network.</summary>
    public Preset? Preset { get; init; }

    /// <summary>What happens when a prediction holds NaN or infinity.</summary>
    public NonFinite NonFinite { get; init; }

    public const int UsualSteps = 50;
    public const int MostSteps = 100_000;
    private const double UsualGuidance = 2;

    /// <summary>The plan that a tag or a file stands for. Needs no libtorch.</summary>
    /// <exception cref="ToolException">It is neither, or says what another option says too.</exception>
    public AccelerationPlan Plan(string tagOrPath)
    {
        AccelerationPlan plan;
        try
        {
            plan = AccelerationPlan.Parse(tagOrPath);
        }
        catch (Exception e) when (e is PlanException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ToolException($"--plan '{tagOrPath}': {e.Message}", e);
        }

        return Steps is not null && (plan.Schedule is not null || plan.Stages is not null) ? throw Twice("--steps", "noise levels")
            : Guidance is not null && plan.Guidance.Any(g => g.Needs.CombinesBranches) ? throw Twice("--guidance", "guidance")
            : Preset is not null && plan.Strategies.Count > 0 ? throw Twice("--preset", "strategies")
            : plan;

        ToolException Twice(string option, string what) => new($"{option}: the plan '{tagOrPath}' says its own {what}; leave one of them out.");
    }

    /// <summary>The plan for a network: with the preset's strategies, where one was asked for.</summary>
    /// <param name="plan">The plan; null for none.</param>
    /// <param name="network">The network.</param>
    public AccelerationPlan? For(AccelerationPlan? plan, DenoiserInfo network)
    {
        if (Preset?.For(network) is not { } preset)
        {
            return plan;
        }

        return plan is null ? preset : plan with { Guidance = [.. plan.Guidance, .. preset.Guidance], Strategies = preset.Strategies };
    }

    /// <summary>The plain sampler, and what a plan and a preset make of it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="plan">The plan; null for none.</param>
    /// <param name="steps">Another number of steps than <see cref="Steps"/>.</param>
    public Sampler Build(IDenoiser network, AccelerationPlan? plan = null, int? steps = null) => Describe(network, plan, steps).Build();

    /// <summary>As <see cref="Build"/>, not yet frozen.</summary>
    public SamplerBuilder Describe(IDenoiser network, AccelerationPlan? plan = null, int? steps = null)
    {
        var (count, scale) = (steps ?? Steps ?? UsualSteps, Guidance ?? (network.Info.Unconditional is null ? 1 : UsualGuidance));
        var builder = Sampler.For(network);
        builder = network.Info.Prediction == PredictionType.Flow ? builder.FlowEuler(count) : builder.Ddim(count);
        if (scale != 1)
        {
            builder.Guidance(scale);
        }

        return (For(plan, network.Info) is { } asked ? builder.Plan(asked, Force) : builder).OnNonFinite(NonFinite);
    }
}
