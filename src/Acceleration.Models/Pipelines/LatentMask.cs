using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Puts the part of a picture that is kept back into the latents before every step. A plan cannot hold it: it is a matter of one request.</summary>
internal sealed class LatentMask(PictureStart start) : IStrategy
{
    public string Tag => "mask";

    public Requirements Needs { get; } = new();

    public IRun Begin(RunInfo info, RunStore store) => new LatentMaskRun(start);

    private sealed class LatentMaskRun(PictureStart start) : Run, IStepHook
    {
        public Tensor Before(StepInfo step, Tensor latents) => step.Index == 0 ? latents : start.Kept(latents, step.Grid.Points[step.Index]);

        public void After(StepInfo step, Tensor latents, Tensor next)
        {
        }
    }
}
