using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Shows the noise that each step predicts, before strategies added later change it.</summary>
internal sealed class NoiseListener(Action<int, Tensor> seen) : Run, IStrategy, IConvertHook
{
    public string Tag => "listener";

    public Requirements Needs => new();

    public IRun Begin(RunInfo info, RunStore store) => this;

    public Prediction Convert(StepInfo step, Prediction prediction)
    {
        seen(step.Index, prediction.Epsilon);
        return prediction;
    }
}
