namespace Acceleration.Tool;

/// <summary>What a recorded scheduler's step was called with, beside the tensors: settings of a solver here.</summary>
internal static class StoredStep
{
    /// <summary>The solver with these settings; those it does not have stay unread.</summary>
    public static ISolver Apply(ISolver solver, StoredConfig step) => solver switch
    {
        Ddim ddim => ddim with { Eta = step.Get("eta", 0.0), UseClippedModelOutput = step.Get("use_clipped_model_output", false) },
        Lms lms => lms with { Order = step.Get("order", 4) },
        Euler euler => euler with { Churn = Churned(step) },
        EdmEuler euler => euler with { Churn = Churned(step) },
        FlowHeun heun => heun with { Churn = Churned(step) },
        FlowEuler euler => Unused(euler, step),
        _ => solver,
    };

    private static Churn? Churned(StoredConfig step)
    {
        var (amount, least, most, noise) = (step.Get("s_churn", 0.0), step.Get("s_tmin", 0.0), step.Get("s_tmax", double.PositiveInfinity), step.Get("s_noise", 1.0));
        return amount == 0 ? null : new(amount, least, double.IsPositiveInfinity(most) ? null : most, noise);
    }

    /// <summary>The class has these settings and does nothing with them.</summary>
    private static ISolver Unused(FlowEuler solver, StoredConfig step)
    {
        step.Ignore("s_churn", "s_tmin", "s_tmax", "s_noise");
        return solver;
    }
}
