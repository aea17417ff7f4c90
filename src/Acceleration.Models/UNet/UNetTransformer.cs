using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Transformer blocks on the pixels of an image, between two projections, with a residual around all.</summary>
internal sealed class UNetTransformer
{
    public const double NormEpsilon = 1e-5;
    private const double GroupEpsilon = 1e-6;

    private readonly Site? _chain;
    private readonly GroupNorm _norm;
    private readonly Linear _enter;
    private readonly Linear _leave;
    private readonly UNetTransformerBlock[] _blocks;
    private readonly ScalarType _type;

    public UNetTransformer(UNetLoading loading, UNetLayerPlan plan)
    {
        var (weights, options, name, width) = (loading.Weights, loading.Options, plan.Attention, plan.Outputs);
        var (chain, blocks) = loading.Sites.Transformer(plan);
        (_chain, _type) = (chain, options.Residual);
        _norm = GroupNorm.Read(weights, name + ".norm", width, loading.Config.Groups, GroupEpsilon);
        _enter = weights.Pixelwise(name + ".proj_in", width, width, options.DType);
        _leave = weights.Pixelwise(name + ".proj_out", width, width, options.DType);
        _blocks = [.. blocks.Select((sites, i) => new UNetTransformerBlock(loading, sites, $"{name}.transformer_blocks.{i}", plan))];
    }

    /// <summary>[rows, channels, height, width] to the same.</summary>
    public Tensor Apply(Tensor h, UNetCall call, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var tokens = Entered(h);
        var mixed = _chain is null
            ? _blocks.Aggregate(tokens, (t, block) => block.Apply(t, call, e))
            : e.Chain(_chain, tokens, (Blocks: _blocks, Call: call), static (h, i, s, e) => s.Blocks[i].Body(h.Main, s.Call, e)).Main;
        using var left = _leave.Apply(mixed).InType(_type);
        return ChannelsLast.Image(left, h.size(2), h.size(3)).Increase(h).MoveToOuterDisposeScope();
    }

    private Tensor Entered(Tensor h)
    {
        using var scope = NewDisposeScope();
        return _enter.Apply(ChannelsLast.Tokens(_norm.Apply(h))).InType(_type).MoveToOuterDisposeScope();
    }
}
