using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Self-attention, cross-attention and a feed-forward part whose hidden half is gated by the other (GEGLU), each behind a norm and with a residual.</summary>
internal sealed class UNetTransformerBlock
{
    private const int Expansion = 4;

    private readonly UNetBlockSites _sites;
    private readonly UNetAttention _first;
    private readonly UNetAttention _cross;
    private readonly LayerNorm _norm;
    private readonly Linear _up;
    private readonly Linear _gate;
    private readonly Linear _down;
    private readonly ScalarType _type;

    public UNetTransformerBlock(UNetLoading loading, UNetBlockSites sites, string name, UNetLayerPlan plan)
    {
        var (weights, type, width) = (loading.Weights, loading.Options.DType, plan.Outputs);
        (_sites, _type) = (sites, loading.Options.Residual);
        _first = new(loading, sites.First, name + ".norm1", name + ".attn1", plan);
        _cross = new(loading, sites.Cross, name + ".norm2", name + ".attn2", plan);
        _norm = LayerNorm.Read(weights, name + ".norm3", width, UNetTransformer.NormEpsilon);

        // Two products, so that the gate's can be one with its GELU.
        var (both, hidden) = (Linear.Read(weights, name + ".ff.net.0.proj", width, 2 * Expansion * width, dtype: type), Expansion * width);
        _up = new(both.Weight.narrow(0, 0, hidden), both.Bias!.narrow(0, 0, hidden));
        _gate = new(both.Weight.narrow(0, hidden, hidden), both.Bias!.narrow(0, hidden, hidden));
        _down = Linear.Read(weights, name + ".ff.net.2", hidden, width, dtype: type);
    }

    /// <summary>[rows, tokens, width] to the same.</summary>
    public Tensor Apply(Tensor h, UNetCall call, Evaluation e) =>
        e.At(_sites.Block, h, (Block: this, Call: call), static (h, s, e) => s.Block.Body(h.Main, s.Call, e)).Main;

    public Tensor Body(Tensor h, UNetCall call, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var attended = _first.Apply(h, call, e);
        using var crossed = _cross.Apply(attended, call, e);
        var change = e.At(_sites.FeedForward, crossed, this, static (h, s, _) => s.FeedForward(h.Main), static (h, s, _) => s._norm.Apply(h.Main)).Main;
        return (e.IsHooked(_sites.FeedForward) ? change.Plus(crossed) : change.Increase(crossed)).MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(Tensor h)
    {
        using var scope = NewDisposeScope();
        using var gate = _gate.ApplyGelu(h, GeluForm.Erf);
        using var up = _up.Apply(h);
        return _down.Apply(up.mul_(gate)).InType(_type).MoveToOuterDisposeScope();
    }
}
