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
        _ => prediction.X0,
    };
}
