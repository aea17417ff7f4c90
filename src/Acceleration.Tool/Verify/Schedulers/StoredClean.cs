using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>What a scheduler of the reference calls its predicted clean sample.</summary>
internal static class StoredClean
{
    /// <param name="scheduler">The scheduler.</param>
    /// <param name="at">The call.</param>
    /// <param name="prediction">Its prediction.</param>
    /// <param name="latents">The latents before it.</param>
    /// <param name="noise">What it drew, or null.</param>
    public static Tensor Of(StoredScheduler scheduler, (int Step, int Call, int Index) at, Prediction prediction, Tensor latents, Tensor? noise) => scheduler.Solver switch
    {
        Lcm lcm => lcm.Clean(prediction.At, prediction.X0, latents),
        Euler { Churn: { } churn } when noise is not null => Raised(churn, scheduler, at.Step, prediction, latents, noise, readsRaised: prediction.Type == PredictionType.Epsilon),
        EdmEuler { Churn: { } churn } when noise is not null => Raised(churn, scheduler, at.Step, prediction, latents, noise, readsRaised: true),
        _ => prediction.X0,
    };

    /// <summary>The output, read on the latents that noise has raised.</summary>
    private static Tensor Raised(Churn churn, StoredScheduler scheduler, int step, Prediction prediction, Tensor latents, Tensor noise, bool readsRaised)
    {
        // S_churn and S_noise in the words of Karras et al. (2022), algorithm 2.
        var start = scheduler.Grid.Points[step];
        var raised = start.Sigma * (1 + (float)Math.Min(churn.Amount / scheduler.Grid.WholeSteps, Math.Sqrt(2) - 1));
        var x = latents + (noise * ((float)churn.Noise * MathF.Sqrt((raised * raised) - (start.Sigma * start.Sigma))));
        return new Prediction(prediction.Output, prediction.Type, x, readsRaised ? start with { Sigma = raised } : start).X0;
    }
}
