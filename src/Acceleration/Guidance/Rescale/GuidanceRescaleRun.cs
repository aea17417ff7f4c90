using static TorchSharp.torch;

namespace Acceleration;

internal sealed class GuidanceRescaleRun(double phi, long channels) : Run, IGuidanceTerm
{
    public GuidanceStage Stage => GuidanceStage.Rescale;

    public IReadOnlyList<int> Branches(StepInfo step) => [];

    public Value Apply(StepInfo step, Value combined, BranchOutputs outputs)
    {
        if (phi == 0)
        {
            return combined;
        }

        var (guided, cond) = (combined.Main, outputs.For(Branch.Conditional, outputs.Samples));
        return combined with
        {
            Main = guided.size(1) == channels
                ? SampleSpread.Restore(guided, cond, phi)
                : cat([SampleSpread.Restore(guided.narrow(1, 0, channels), cond.narrow(1, 0, channels), phi), guided.narrow(1, channels, guided.size(1) - channels)], 1),
        };
    }
}
