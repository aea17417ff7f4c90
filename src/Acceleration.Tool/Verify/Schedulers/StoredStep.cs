namespace Acceleration.Tool;

/// <summary>What a recorded scheduler's step was called with, beside the tensors: settings of a solver here.</summary>
internal static class StoredStep
{
    /// <summary>The solver with these settings; those it does not have stay unread.</summary>
    public static ISolver Apply(ISolver solver, StoredConfig step) => solver switch
    {
        Ddim ddim => ddim with { Eta = step.Get("eta", 0.0), UseClippedModelOutput = step.Get("use_clipped_model_output", false) },
        _ => solver,
    };
}
