using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The random draws of a recorded run, each with the step that used it.</summary>
internal sealed class RecordedDraws
{
    private readonly Tensor? _draws;
    private readonly long[] _steps = [];

    public RecordedDraws(GoldenFile file)
    {
        if (file.Has("input.noise"))
        {
            (_draws, _steps) = (file.Read("input.noise"), file.Whole("input.noise_step"));
        }
    }

    /// <summary>The draw of a step, or null where the reference drew none.</summary>
    public Tensor? At(int step) => Array.IndexOf(_steps, step) is var draw and >= 0 ? _draws![draw] : null;
}
