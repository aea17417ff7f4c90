using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>
/// A residual block: norm, activation, convolution, the time, and all but the time again. It may change the resolution between its first activation and convolution.
/// </summary>
internal sealed class UNetResidual
{
    private static readonly TorchSharp.Scalar One = 1;

    private readonly Site _site;
    private readonly UNetConfig _config;
    private readonly ScalarType _type;
    private readonly GroupNorm _norm1;
    private readonly GroupNorm _norm2;
    private readonly Conv2d _conv1;
    private readonly Conv2d _conv2;
    private readonly Conv2d? _shortcut;
    private readonly int _outputs;
    private readonly UNetTimePart _time;
    private readonly double _scale;
    private readonly UNetScaling _scaling;

    /// <param name="loading">Where its parts come from.</param>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="site">Its site.</param>
    /// <param name="channels">Channels of input and output.</param>
    /// <param name="stage">The way it lies on.</param>
    /// <param name="scaling">How it changes the resolution.</param>
    public UNetResidual(UNetLoading loading, string name, Site site, (int In, int Out) channels, UNetStage stage, UNetScaling scaling = UNetScaling.None)
    {
        var (weights, c) = (loading.Weights, loading.Config);
        (_site, _config, _type, _outputs, _scale, _scaling) = (site, c, loading.Options.Residual, channels.Out, stage.Scale, scaling);
        _norm1 = GroupNorm.Read(weights, name + ".norm1", channels.In, c.Groups, c.Epsilon);
        _norm2 = GroupNorm.Read(weights, name + ".norm2", channels.Out, c.Groups, c.Epsilon);
        _conv1 = ChannelsLast.Convolution(weights, name + ".conv1", channels.In, channels.Out, dtype: loading.Options.DType);
        _conv2 = ChannelsLast.Convolution(weights, name + ".conv2", channels.Out, channels.Out, dtype: loading.Options.DType);
        _shortcut = channels.In == channels.Out ? null : ChannelsLast.Convolution(weights, name + ".conv_shortcut", channels.In, channels.Out, 1, dtype: loading.Options.DType);
        _time = loading.Times.Add(name + ".time_emb_proj", channels.Out, stage.RawTime);
    }

    public Tensor Apply(Tensor h, UNetCall call, Evaluation e) => e.At(
        _site, h, (Block: this, Call: call), static (h, s, e) => s.Block.Body(h.Main, s.Call, e), drop: static (h, s, _) => s.Block.Drop(h.Main)).Main;

    private Tensor Body(Tensor h, UNetCall call, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var time = call.Time(_time, e);
        Tensor changed;
        using (var active = Active(_norm1.Apply(h)))
        using (var resized = Resized(active))
        using (var first = _conv1.Apply(resized ?? active))
        using (var second = Timed(first.InType(_type), time))
        {
            changed = _conv2.Apply(second).InType(_type);
        }

        changed.Increase(Straight(h));
        return (_scale == 1 ? changed : changed.Over(_scale)).MoveToOuterDisposeScope();
    }

    /// <summary>The second norm and activation, with the time in front of or inside the norm.</summary>
    private Tensor Timed(Tensor h, Tensor time)
    {
        if (!_config.ScaleShift)
        {
            return Active(_norm2.Apply(h.Increase(time)));
        }

        using var normalised = _norm2.Apply(h);
        return Active(time.narrow(1, _outputs, _outputs).addcmul(normalised, time.narrow(1, 0, _outputs), One));
    }

    /// <summary>In place where that is possible.</summary>
    private Tensor Active(Tensor h)
    {
        var active = _config.Activation == Activation.Silu ? h.silu_() : _config.Activation.Apply(h);
        if (!ReferenceEquals(active, h))
        {
            h.Dispose();
        }

        return active;
    }

    /// <summary>The input in the form of the output.</summary>
    private Tensor Straight(Tensor h)
    {
        var resized = Resized(h) ?? h;
        return _shortcut is null ? resized : _shortcut.Apply(resized).InType(_type);
    }

    /// <summary>Skipping leaves the shortcut.</summary>
    private Tensor Drop(Tensor h)
    {
        var straight = Straight(h);
        return _scale == 1 ? straight : straight.Over(_scale);
    }

    private Tensor? Resized(Tensor h) => _scaling switch
    {
        UNetScaling.Halved => functional.avg_pool2d(h, 2, 2),
        UNetScaling.Doubled => functional.interpolate(h, size: [2 * h.size(2), 2 * h.size(3)]),
        _ => null,
    };
}
