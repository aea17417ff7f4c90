using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Self-attention of pixels with a group norm in front and a residual around it.</summary>
internal sealed class UNetPixelAttention
{
    private readonly (Site Block, Site Attention) _sites;
    private readonly GroupNorm? _norm;
    private readonly Linear _qkv;
    private readonly Linear _projection;
    private readonly int _heads;
    private readonly double _scale;
    private readonly ScalarType _type;

    public UNetPixelAttention(UNetLoading loading, UNetLayerPlan plan)
    {
        var (weights, options, name, width) = (loading.Weights, loading.Options, plan.Attention, plan.Outputs);
        (_sites, _heads, _scale, _type) = (loading.Sites.Pixels(plan), plan.Stage.Heads, plan.Stage.Scale, options.Residual);
        _norm = plan.Stage.AttentionGroups is { } groups ? GroupNorm.Read(weights, name + ".group_norm", width, groups, loading.Config.Epsilon) : null;
        _qkv = UNetAttention.ReadStack(loading, width, [(name + ".to_q", width), (name + ".to_k", width), (name + ".to_v", width)]);
        _projection = Linear.Read(weights, name + ".to_out.0", width, width, dtype: options.DType);
    }

    /// <summary>[rows, channels, height, width] to the same.</summary>
    public Tensor Apply(Tensor h, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var tokens = ChannelsLast.Tokens(h);
        var mixed = e.At(_sites.Block, tokens, this, static (h, s, e) => s.Block(h, e)).Main;
        return ChannelsLast.Image(mixed, h.size(2), h.size(3)).MoveToOuterDisposeScope();
    }

    private Value Block(Value h, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var change = e.At(_sites.Attention, h, this, static (h, s, e) => s.Attend(h.Main, e), static (h, s, _) => s.Normalised(h.Main)).Main;
        var sum = e.IsHooked(_sites.Attention) ? change.Plus(h.Main) : change.Increase(h.Main);
        return (_scale == 1 ? sum : sum.Over(_scale)).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor h, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var joint = _qkv.Apply(h);
        var mixed = e.Attend(_sites.Attention, new(Heads.Of(joint, 0, 3, _heads), Heads.Of(joint, 1, 3, _heads), Heads.Of(joint, 2, 3, _heads)));
        return _projection.Apply(Heads.Join(mixed)).InType(_type).MoveToOuterDisposeScope();
    }

    /// <summary>The norm of an image one pixel wide.</summary>
    private Tensor Normalised(Tensor tokens)
    {
        if (_norm is null)
        {
            return tokens;
        }

        using var scope = NewDisposeScope();
        return ChannelsLast.Tokens(_norm.Apply(ChannelsLast.Image(tokens, tokens.size(1), 1))).MoveToOuterDisposeScope();
    }
}
