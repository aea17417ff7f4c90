using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>A change of the resolution between two levels: a convolution, or a residual block.</summary>
internal sealed class UNetResampling
{
    private readonly Conv2d? _convolution;
    private readonly UNetResidual? _residual;
    private readonly UNetScaling _scaling;
    private readonly ScalarType _type;
    private readonly bool _padsLater;

    public UNetResampling(UNetLoading loading, UNetResamplingPlan plan, UNetScaling scaling)
    {
        var halves = scaling == UNetScaling.Halved;
        (_scaling, _type, _padsLater) = (scaling, loading.Options.Residual, halves && loading.Config.DownPadding == 0);
        if (plan.Stage.ByResidual)
        {
            _residual = new(loading, plan.Path, loading.Sites.Resampling(plan, !halves), (plan.Channels, plan.Channels), plan.Stage, scaling);
        }
        else
        {
            _convolution = ChannelsLast.Convolution(
                loading.Weights, plan.Path + ".conv", plan.Channels, plan.Channels, stride: halves ? 2 : 1, padding: _padsLater ? 0 : 1, dtype: loading.Options.DType);
        }
    }

    /// <summary>Changes the resolution.</summary>
    /// <param name="h">[rows, channels, height, width].</param>
    /// <param name="call">The call of the network.</param>
    /// <param name="e">The evaluation.</param>
    /// <param name="sides">Height and width wanted where sides are doubled: one less where they were odd.</param>
    public Tensor Apply(Tensor h, UNetCall call, Evaluation e, (long High, long Wide) sides = default)
    {
        if (_convolution is null)
        {
            return _residual!.Apply(h, call, e);
        }

        if (_scaling == UNetScaling.Doubled)
        {
            using var large = functional.interpolate(h, size: [sides.High, sides.Wide]);
            return Convolved(large);
        }

        if (_padsLater)
        {
            using var padded = functional.pad(h, [0, 1, 0, 1]);
            return Convolved(padded);
        }

        return Convolved(h);
    }

    /// <summary>The side that is left of one that is halved.</summary>
    public static long Halved(long side, UNetConfig c, UNetStage stage) => stage.ByResidual || c.DownPadding == 0 ? side / 2 : (side + 1) / 2;

    private Tensor Convolved(Tensor h)
    {
        using var scope = NewDisposeScope();
        return _convolution!.Apply(h).InType(_type).MoveToOuterDisposeScope();
    }
}
